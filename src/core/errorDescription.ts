/** What a person can do about it, for the button beside the message. */
export type ErrorAction = 'setApiKey' | 'retry' | 'openSettings' | 'showLog' | 'none';

/** What went wrong, for people. */
export interface ErrorDescription {
  /** One or two sentences, plain text, harmless on every surface. */
  readonly message: string;
  readonly action: ErrorAction;
}
