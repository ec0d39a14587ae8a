import { displayText } from './base/displayText.ts';
import { asMagicBellError, type MagicBellError, type MagicBellErrorDetails } from './magicbell/errors.ts';
import { describeLocalError } from './describeLocalError.ts';
import type { ErrorDescription } from './errorDescription.ts';
import type { JwtApi, UserApi } from './magicbell/magicBellApi.ts';

export interface ErrorContext {
  /** What was tried. */
  readonly operation?: keyof JwtApi | keyof UserApi | undefined;
  /** The host of the connection's base URL. */
  readonly host?: string | undefined;
}

/** Describes an error to a person. Errors that are not from the client get a plain sentence that points to the log. */
export function describeError(error: unknown, context: ErrorContext = {}): ErrorDescription {
  const known = asMagicBellError(error);
  if (known !== undefined) return describe(known, context);
  return (
    describeLocalError(error) ?? {
      message: 'Something went wrong in the extension. The log says more.',
      action: 'showLog',
    }
  );
}

function describe({ reason, details }: MagicBellError, { operation, host }: ErrorContext): ErrorDescription {
  const server = host === undefined ? 'MagicBell' : displayText(host);
  const creates = operation === 'createProjectJwt' || operation === 'createUserJwt';
  switch (reason) {
    case 'unauthorized':
      if (details.notSent === true) {
        return { message: 'The API key holds characters that no key has. Paste it again.', action: 'setApiKey' };
      }
      return {
        message: 'MagicBell does not accept the API key: it is wrong, expired or revoked (401).',
        action: 'setApiKey',
      };
    case 'forbidden':
      return {
        message: creates
          ? 'Only administrators may create tokens, and the API key is not an administrator’s (403).'
          : 'The API key is valid, but may not do this (403).',
        action: 'setApiKey',
      };
    case 'wrongTokenKind':
      return {
        message: `${creates ? 'Only administrators may create tokens. ' : ''}The API key has the wrong role: it looks like a user token, and a project token is needed.`,
        action: 'setApiKey',
      };
    case 'notFound':
      return { message: `MagicBell does not know ${subjectOf(operation)} (404).`, action: 'none' };
    case 'notOffered':
      return { message: 'Not offered by this MagicBell API.', action: 'none' };
    case 'invalidInput':
      return {
        message: withServerMessages('MagicBell did not accept the input', details.serverMessages),
        action: 'none',
      };
    case 'rateLimited':
      return {
        message: `Too many requests for this project just now (429). ${tryAgain(details.retryAfterMs, 'in a minute')}`,
        action: 'retry',
      };
    case 'serverError':
      return {
        message: `MagicBell has an internal problem (${details.status ?? '5xx'}). ${tryAgain(details.retryAfterMs, 'later')}`,
        action: 'retry',
      };
    case 'unexpectedResponse':
      return describeUnexpected(details, server, operation);
    case 'timeout':
      return {
        message:
          details.status === undefined
            ? `${server} did not answer in time.`
            : `${server} answered too slowly: the answer was not complete in time.`,
        action: 'retry',
      };
    case 'cancelled':
      return { message: 'Cancelled.', action: 'none' };
    case 'connectionLost':
      return { message: `The connection to ${server} broke off before the answer was complete.`, action: 'retry' };
    case 'offline':
      return {
        message: `No connection to ${server} could be made${codeIn(details.code)}. Are you online?`,
        action: 'retry',
      };
    case 'dns':
      return {
        message: `The host name ${host === undefined ? 'of the base URL' : displayText(host)} cannot be resolved${codeIn(details.code)}. Check the base URL and the network.`,
        action: 'openSettings',
      };
    case 'tls':
      return {
        message: `No secure connection to ${server}: ${tlsCause(details.code)}. If your network uses its own certificates, add its certificate authority to the system’s certificates (VS Code uses them) or name its file in NODE_EXTRA_CA_CERTS.`,
        action: 'showLog',
      };
    case 'proxy':
      return {
        message:
          details.status === 407
            ? 'The proxy asks for a user name and password (407). Check VS Code’s proxy settings.'
            : `The proxy did not let the connection through${codeIn(details.code)}. Check VS Code’s proxy settings.`,
        action: 'openSettings',
      };
    case 'connectionRemoved':
      return {
        message: `The connection “${displayText(details.connectionLabel ?? server)}” was removed here. Nothing was sent.`,
        action: 'none',
      };
  }
}

/** Describes an answer that is not MagicBell's: what came instead, and what to do about it. */
function describeUnexpected(
  { status, unexpected }: MagicBellErrorDetails,
  server: string,
  operation: ErrorContext['operation'],
): ErrorDescription {
  const code = status === undefined ? '' : ` (${status})`;
  switch (unexpected) {
    case 'redirected':
      return {
        message: `${server} redirects to another address${code}. That was not followed, and the API key was not sent there. Check the base URL.`,
        action: 'openSettings',
      };
    case 'tooLarge':
      return operation === 'fetchProjectTokens' || operation === 'fetchUserTokens' || operation === 'listUsers'
        ? { message: `The answer of ${server} is too large. Set a smaller page size.`, action: 'openSettings' }
        : { message: `The answer of ${server} is too large to be read.`, action: 'showLog' };
    case 'blocked':
      return {
        message: `Something on the way to MagicBell, such as a firewall or a proxy, blocked the request${code}. That says nothing about the API key.`,
        action: 'retry',
      };
    case 'foreign':
    case undefined:
      return {
        message: `${server} answered with something that is not MagicBell’s${code}. Check the base URL; the log says more.`,
        action: 'showLog',
      };
  }
}

function tryAgain(retryAfterMs: number | undefined, otherwise: string): string {
  return `Try again ${retryAfterMs === undefined ? otherwise : `in ${duration(retryAfterMs)}`}.`;
}

function subjectOf(operation: ErrorContext['operation']): string {
  switch (operation) {
    case 'discardProjectJwt':
    case 'discardUserJwt':
      return 'this token: it may have been revoked already';
    case 'fetchUserTokens':
      return 'this user';
    default:
      return 'what was asked for';
  }
}

function withServerMessages(sentence: string, messages: readonly string[] = []): string {
  const shown = messages.map((message) => displayText(message)).filter((message) => message !== '');
  return shown.length === 0 ? `${sentence}.` : `${sentence}: ${shown.join(' · ')}`;
}

function codeIn(code: string | undefined): string {
  return code === undefined ? '' : ` (${code})`;
}

function tlsCause(code: string | undefined): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return 'its certificate has expired';
    case 'CERT_NOT_YET_VALID':
      return 'its certificate is not valid yet (is this computer’s clock right?)';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return 'its certificate is for another host';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return `its certificate is signed by itself or by an authority that is not known here (${code})`;
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return `its certificate comes from an authority that is not known here (${code})`;
    default:
      return code === undefined
        ? 'the encryption could not be agreed on'
        : `the encryption could not be agreed on (${code})`;
  }
}

/** Rounded up, so that the next attempt does not come too early. */
function duration(durationMs: number): string {
  const seconds = Math.max(1, Math.ceil(durationMs / 1000));
  if (seconds < 100) return counted(seconds, 'second');
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 100) return counted(minutes, 'minute');
  const hours = Math.ceil(seconds / 3600);
  return hours < 24 ? counted(hours, 'hour') : counted(Math.ceil(hours / 24), 'day');
}

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;
