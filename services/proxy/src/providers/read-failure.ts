import { isObject } from '../json.ts';
import { ProviderFailure } from './failure.ts';
import type { FailureKind } from './failure-rules.ts';

const maximumDetailLength = 2000;

/** The error a provider answered with. */
export interface RefusedAnswer {
  readonly provider: string;
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: string | undefined;
  /** Takes secrets out of text that others wrote. */
  readonly redact: (text: string) => string;
}

function kindOf(status: number): FailureKind {
  if (status === 401 || status === 403) return 'credentials_refused';
  if (status === 429) return 'rate_limited';
  if (status === 408 || status === 504) return 'headers_timeout';
  if (status === 503 || status === 529) return 'overloaded';
  if (status >= 400 && status < 500) return 'rejected';
  return status >= 500 ? 'failed' : 'invalid_response';
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What OpenAI-compatible servers put into an error: `{error: {message, code, param}}`, `{error: "…"}` or `{message}`. */
export function readErrorBody(value: unknown): { message?: string; code?: string; param?: string } {
  if (!isObject(value)) return {};
  const error = isObject(value.error) ? value.error : value;
  const message = text(error.message) ?? text(value.error) ?? text(value.detail);
  const code = text(error.code);
  const param = text(error.param);
  return { ...(message && { message }), ...(code && { code }), ...(param && { param }) };
}

/** Turns a provider's error answer into a failure that is safe to show: bounded, and without secrets. */
export function readFailure(answer: RefusedAnswer): ProviderFailure {
  const kind = kindOf(answer.status);
  // What a provider says about a refused key may show a part of it, and is of no use to the client.
  if (kind === 'credentials_refused') {
    return new ProviderFailure(kind, {
      provider: answer.provider,
      status: answer.status,
      detail: 'check the key this gateway is configured with.',
    });
  }
  const { message, code, param } = readErrorBody(parsed(answer.body));
  const detail = answer
    .redact(message ?? answer.body)
    .slice(0, maximumDetailLength)
    .trim();
  const known = kind === 'rejected' || kind === 'rate_limited';
  return new ProviderFailure(kind, {
    provider: answer.provider,
    status: answer.status,
    detail,
    code: known && code !== undefined ? answer.redact(code).slice(0, 100) : undefined,
    param: known && param !== undefined ? answer.redact(param).slice(0, 200) : undefined,
    retryAfter: answer.retryAfter,
  });
}
