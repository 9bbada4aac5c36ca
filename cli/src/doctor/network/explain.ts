import { errorText, systemErrorCode } from '../../user-error.ts';

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'no answer in time',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name server does not answer',
  ABORT_ERR: 'no answer in time',
  HPE_INVALID_CONSTANT: 'the answer is not HTTP',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the other side speaks no TLS',
  UND_ERR_SOCKET: 'the connection was closed',
};

const longestText = 200;

/** Why a connection failed, in a few words. */
export function explain(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const [first] = cause instanceof AggregateError ? cause.errors : [cause];
  const code =
    systemErrorCode(first) ??
    (first instanceof Error && /^(Timeout|Abort)Error$/.test(first.name) ? 'ABORT_ERR' : '');
  const known = words[code];
  if (known !== undefined) return known;
  const text = errorText(first).split('\n', 1)[0] ?? '';
  return text.slice(0, longestText) || 'it failed without saying why';
}
