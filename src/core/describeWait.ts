import type { TimeFormat } from './base/timeText.ts';
import type { WaitReason } from './magicbell/magicBellApi.ts';

const reasons: Record<WaitReason, string> = {
  serverBusy: 'MagicBell asks for a pause',
  budget: 'this minute’s requests are used up',
  retry: 'an attempt has failed',
};

const timeText = (until: Date, { locale, timeZone }: TimeFormat): string =>
  new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone }).format(until);

/** Progress text for a call that waits: "waiting until 14:03:20, because …". */
export function describeWait(until: Date, reason: WaitReason, format: TimeFormat = {}): string {
  const time = timeText(until, format);
  return reason === 'retry'
    ? `waiting until ${time} to try again`
    : `waiting until ${time}, because ${reasons[reason]}`;
}

/** The same in two parts, for a row. The first part has to fit into a narrow view. */
export function waitRow(until: Date, reason: WaitReason, format: TimeFormat = {}): { what: string; why: string } {
  return { what: `Waiting until ${timeText(until, format)}`, why: reasons[reason] };
}
