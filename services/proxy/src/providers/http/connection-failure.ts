import { errors } from 'undici';
import { ProviderFailure } from '../failure.ts';
import type { FailureKind } from '../failure-rules.ts';

/** What undici and Node call the ways a connection fails. */
const kindByCode: Readonly<Record<string, FailureKind>> = {
  UND_ERR_CONNECT_TIMEOUT: 'connect_timeout',
  ETIMEDOUT: 'connect_timeout',
  UND_ERR_HEADERS_TIMEOUT: 'headers_timeout',
  UND_ERR_BODY_TIMEOUT: 'idle_timeout',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  UND_ERR_ABORTED: 'reset',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_HEADERS_OVERFLOW: 'response_too_large',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'response_too_large',
};

/** Codes of a connection that never came about: DNS, routing, refusal, TLS. */
const unreachable =
  /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_|CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

/** How the parser, whose errors come without their code, says that the connection ended within a chunk. */
const endsTooEarly = /Invalid EOF state/;

function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined ? '' : codeOf(cause);
}

function kindOf(error: unknown): FailureKind {
  const code = codeOf(error);
  if (unreachable.test(code)) return 'unreachable';
  if (error instanceof errors.HTTPParserError && !endsTooEarly.test(error.message)) return 'invalid_response';
  return kindByCode[code] ?? 'reset';
}

/** What a failed connection means. When the call was aborted, why; a `ProviderFailure` stays itself. */
export function connectionFailure(
  error: unknown,
  options: { readonly provider: string; readonly aborted: ProviderFailure | undefined },
): unknown {
  if (options.aborted !== undefined) return options.aborted;
  if (error instanceof ProviderFailure) return error;
  const code = codeOf(error);
  const detail = code === '' ? undefined : `${code}.`;
  return new ProviderFailure(kindOf(error), { provider: options.provider, detail });
}
