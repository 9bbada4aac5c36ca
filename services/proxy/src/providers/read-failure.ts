import { isObject, type JsonObject } from '../json.ts';
import { ProviderFailure } from './failure.ts';
import { type FailureKind, failureRules } from './failure-rules.ts';

const maximumDetailLength = 2000;

/** The error a provider answered with. */
export interface RefusedAnswer {
  readonly provider: string;
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: string | undefined;
  /** Its `retry-after-ms`, which OpenAI and Azure send as well. */
  readonly retryAfterMs?: string | undefined;
  /** Takes secrets out of text that others wrote. */
  readonly redact: (text: string) => string;
}

/** What Google says of a key, with a 400. */
const keyInvalid = 'API_KEY_INVALID';
/** What OpenAI says with a 429 when an account is empty: to wait does not help. */
const noCredit = 'insufficient_quota';

/** What Anthropic says in a stream, and its clients know, when it cannot go on for its load. */
const overloaded = 'overloaded_error';

function kindOf(status: number, body: unknown): FailureKind {
  if (status === 401 || status === 403) return 'credentials_refused';
  if (detailsOf(body).some(({ reason }) => reason === keyInvalid)) return 'credentials_refused';
  const { code } = readErrorBody(body);
  if (status === 402 || (status === 429 && code === noCredit)) return 'out_of_credit';
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

/** What Google adds to an error (google.rpc.Status). */
function detailsOf(body: unknown): readonly JsonObject[] {
  const error = isObject(body) ? body.error : undefined;
  return (isObject(error) && Array.isArray(error.details) ? error.details : []).filter(isObject);
}

/** How long `RetryInfo` among the details asks to wait, as `retry-after` has it. */
function retryDelayOf(body: unknown): string | undefined {
  for (const { retryDelay } of detailsOf(body)) {
    const [, seconds] = /^(\d{1,6}(?:\.\d{1,9})?)s$/.exec(String(retryDelay)) ?? [];
    if (seconds !== undefined) return String(Math.ceil(Number(seconds)));
  }
  return undefined;
}

/** Gemini puts the error of a stream into an array. */
function errorAnswer(body: string): unknown {
  const value = parsed(body);
  return Array.isArray(value) ? value[0] : value;
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
  const body = errorAnswer(answer.body);
  const { message, code, param } = readErrorBody(body);
  const kind = kindOf(answer.status, body);
  // What a provider says about a refused key may show a part of it, and is of no use to the client.
  if (kind === 'credentials_refused') {
    return new ProviderFailure(kind, {
      provider: answer.provider,
      status: answer.status,
      detail: 'check the key this gateway is configured with.',
    });
  }
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
    retryAfter: answer.retryAfter ?? retryDelayOf(body),
    retryAfterMs: answer.retryAfterMs,
  });
}

/** The failure that an answer reports which began as a success. */
export function reportedError(
  body: JsonObject,
  { provider, redact }: Pick<RefusedAnswer, 'provider' | 'redact'>,
): ProviderFailure {
  const { message = 'no reason given', code: given } = readErrorBody(body);
  const isOverloaded = isObject(body.error) && body.error.type === overloaded;
  const code = given ?? (isOverloaded ? failureRules.overloaded.code : undefined);
  return new ProviderFailure('in_band_error', {
    provider,
    detail: redact(message).slice(0, maximumDetailLength),
    code: code && redact(code).slice(0, 100),
  });
}
