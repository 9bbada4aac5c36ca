import { ApiError } from '../api-error.ts';
import {
  type CallOutcome,
  type CallStatus,
  type FailureKind,
  type FailureRule,
  failureRules,
} from './failure-rules.ts';

const longestWaitMs = 86_400_000;

/** Statuses of a provider that a client can act on: they go to it as they are. */
const passedOn = [400, 404, 409, 413, 422];

export interface FailureOptions {
  readonly provider: string;
  /** What the provider or the connection said, without secrets. */
  readonly detail?: string | undefined;
  /** The status the provider answered. */
  readonly status?: number | undefined;
  /** `code` and `param` of the provider's own error. */
  readonly code?: string | undefined;
  readonly param?: string | undefined;
  /** The provider's wish, as it came. */
  readonly retryAfter?: string | undefined;
  /** The same in milliseconds, as it came. */
  readonly retryAfterMs?: string | undefined;
}

/** Why a provider did not complete a chat. It carries its own verdict: status, code and whether to try again. */
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure';
  readonly kind: FailureKind;
  readonly provider: string;
  /** The message as spans may keep it. */
  readonly telemetryMessage: string;
  /** The gateway has made all attempts it may: a client that tries again would multiply them. */
  exhausted = false;
  readonly #options: FailureOptions;

  constructor(kind: FailureKind, options: FailureOptions) {
    const status = options.status === undefined ? '' : ` (${options.status})`;
    const summary = `The provider "${options.provider}" ${failureRules[kind].text}${status}`;
    super(
      options.detail === undefined || options.detail === '' ? `${summary}.` : `${summary}: ${options.detail}`,
    );
    this.kind = kind;
    // What a provider says about a request it rejects may quote the prompt, which is for the caller alone.
    this.telemetryMessage = kind === 'rejected' ? `${summary}.` : this.message;
    this.provider = options.provider;
    this.#options = options;
  }

  get callStatus(): CallStatus {
    return failureRules[this.kind].callStatus;
  }

  get outcome(): CallOutcome {
    return failureRules[this.kind].outcome;
  }

  /** How long the provider asks to be left alone; undefined when it did not say. */
  get retryAfterMs(): number | undefined {
    const { retryAfter, retryAfterMs } = this.#options;
    if (isNumber(retryAfterMs)) return Math.min(Number(retryAfterMs), longestWaitMs);
    if (retryAfter === undefined) return undefined;
    const waitMs = isNumber(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
    return Number.isFinite(waitMs) ? Math.min(Math.max(0, waitMs), longestWaitMs) : undefined;
  }

  /** The failure as the client gets it. */
  toApiError(): ApiError {
    const rule: FailureRule = failureRules[this.kind];
    const headers: Record<string, string> = {};
    const retry = this.exhausted ? false : rule.retry;
    if (retry !== undefined) headers['x-should-retry'] = String(retry);
    Object.assign(headers, retryHeaders(this.#options));
    const answered = this.#options.status ?? rule.status;
    const status = this.kind === 'rejected' && passedOn.includes(answered) ? answered : rule.status;
    return new ApiError(status, {
      type: rule.type,
      code: this.#options.code ?? rule.code,
      message: this.message,
      param: this.#options.param,
      headers,
      cause: this,
    });
  }
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,9}(?:\.\d{1,9})?$/.test(text);
}

/** The wish as clients look for it: those that know no milliseconds get whole seconds. */
function retryHeaders({ retryAfter, retryAfterMs }: FailureOptions): Record<string, string> {
  if (!isNumber(retryAfterMs)) return retryAfter === undefined ? {} : { 'retry-after': retryAfter };
  const seconds = String(Math.ceil(Number(retryAfterMs) / 1000));
  return { 'retry-after': retryAfter ?? seconds, 'retry-after-ms': retryAfterMs };
}

/** What was thrown as a failure of the provider, for the record: an `ApiError` is the gateway rejecting the request. */
export function asFailure(error: unknown, provider: string): ProviderFailure {
  if (error instanceof ProviderFailure) return error;
  if (error instanceof ApiError) return new ProviderFailure('rejected', { provider, detail: error.message });
  return new ProviderFailure('failed', { provider, detail: 'the gateway broke.' });
}
