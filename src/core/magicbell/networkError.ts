import { MagicBellError, type ErrorReason, type MagicBellErrorDetails } from './errors.ts';

const offline = new Set([
  'ECONNREFUSED',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const dns = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'ENODATA', 'ESERVFAIL']);
const tls =
  /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|HOSTNAME_MISMATCH|EPROTO$|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|CRL_|ERROR_IN_CERT|ERROR_IN_CRL)/;
/** The answer is malformed: broken HTTP, broken compression. */
const garbage =
  /^(HPE_|Z_|ERR_HTTP_|ERR_ZLIB|ERR__ERROR_|ERR_BROTLI|ERR_INVALID_|ERR_UNESCAPED|UND_ERR_HEADERS_OVERFLOW)/;

interface Traits {
  code: string | undefined;
  /** The failed system call, such as `connect`. */
  call: string | undefined;
  message: string;
}

/**
 * An error of a library or the system as a `MagicBellError`. Nothing of its text is kept: it may contain URLs with
 * queries, or headers. `url` is where the connection was to go, if it was not made yet.
 */
export function networkError(
  error: unknown,
  label: string,
  url: URL | undefined,
  details: MagicBellErrorDetails = {},
): MagicBellError {
  const { code, call, message } = traitsOf(error);
  const reason = reasonOf(code, call, message, url);
  return new MagicBellError(reason, `${label}: ${code ?? 'failed without a code'}`, { ...details, code });
}

function reasonOf(
  code: string | undefined,
  call: string | undefined,
  message: string,
  url: URL | undefined,
): ErrorReason {
  if (isOfProxy(code, message, url)) return 'proxy';
  if (code === undefined) return 'connectionLost';
  if (dns.has(code)) return 'dns';
  if (offline.has(code) || (code === 'ETIMEDOUT' && (call === 'connect' || call === undefined))) return 'offline';
  if (tls.test(code)) return 'tls';
  if (garbage.test(code)) return 'unexpectedResponse';
  // Unknown errors may have happened after the request was sent: assume so.
  return 'connectionLost';
}

/** Proxy agents have no codes of their own. A refused connection that went to a proxy names another port than ours. */
function isOfProxy(code: string | undefined, message: string, url: URL | undefined): boolean {
  if (url === undefined) return false;
  if (code?.startsWith('ERR_PROXY') === true || /\bproxy\b.{0,80}\bconnect\b|connection to prox|tunnel/i.test(message))
    return true;
  const port = /\bconnect E[A-Z]+ \S+:(\d+)/.exec(message)?.[1];
  return port !== undefined && port !== (url.port || (url.protocol === 'https:' ? '443' : '80'));
}

/** The traits of an error or, where it wraps another one (as the global fetch does), of its cause. */
function traitsOf(error: unknown): Traits {
  const traits: Traits = { code: undefined, call: undefined, message: '' };
  let current = error;
  for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth++) {
    const { code, syscall, erroredSysCall, message, cause, errors } = current as Record<string, unknown>;
    traits.code ??= typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
    traits.call ??=
      typeof syscall === 'string' ? syscall : typeof erroredSysCall === 'string' ? erroredSysCall : undefined;
    // Without node-fetch's prefix, which holds the URL and with it search texts.
    if (typeof message === 'string') traits.message += `${message.slice(message.lastIndexOf(' reason: ') + 1)}\n`;
    current = cause ?? (Array.isArray(errors) ? (errors as unknown[])[0] : undefined);
  }
  return traits;
}
