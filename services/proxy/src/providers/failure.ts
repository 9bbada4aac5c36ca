import { ApiError, type ApiErrorType } from '../api-error.ts';

/** `status` of `provider_requests_total`. */
export type CallStatus = 'ok' | 'error' | 'rejected' | 'timeout' | 'cancelled';

/** How a call ended: a closed list, the same in span, log line and tests. The last two ended before they began. */
export type CallOutcome =
  | 'completed'
  | 'client_cancelled_aborted'
  | 'client_cancelled_drained'
  | 'upstream_reset'
  | 'idle_timeout'
  | 'total_timeout'
  | 'in_band_error'
  | 'killed'
  | 'gateway_stopping'
  | 'refused'
  | 'rejected';

interface FailureRule {
  /** HTTP status of the answer. */
  readonly status: number;
  readonly type: ApiErrorType;
  readonly code: string;
  readonly callStatus: CallStatus;
  readonly outcome: CallOutcome;
  /** What happened, to follow the provider's name. */
  readonly text: string;
  /** Whether a client should try again by itself; undefined leaves it to the client's own rule. */
  readonly retry?: boolean;
}

/** Every way a call can fail, and what the client gets to see. */
const rules = {
  unreachable: {
    status: 502,
    type: 'upstream_error',
    code: 'upstream_unreachable',
    callStatus: 'error',
    outcome: 'refused',
    text: 'could not be reached',
  },
  connect_timeout: {
    status: 504,
    type: 'upstream_error',
    code: 'upstream_connect_timeout',
    callStatus: 'timeout',
    outcome: 'refused',
    text: 'could not be connected to in time',
  },
  headers_timeout: {
    status: 504,
    type: 'upstream_error',
    code: 'upstream_timeout',
    callStatus: 'timeout',
    outcome: 'idle_timeout',
    text: 'did not begin to answer in time',
  },
  idle_timeout: {
    status: 504,
    type: 'upstream_error',
    code: 'upstream_idle_timeout',
    callStatus: 'timeout',
    outcome: 'idle_timeout',
    text: 'stopped in the middle of its answer',
  },
  total_timeout: {
    status: 504,
    type: 'upstream_error',
    code: 'upstream_total_timeout',
    callStatus: 'timeout',
    outcome: 'total_timeout',
    text: 'did not finish in time',
    retry: false,
  },
  attempt_timeout: {
    status: 504,
    type: 'upstream_error',
    code: 'upstream_attempt_timeout',
    callStatus: 'timeout',
    outcome: 'total_timeout',
    text: 'did not finish within the time of one attempt',
  },
  circuit_open: {
    status: 503,
    type: 'upstream_error',
    code: 'upstream_circuit_open',
    callStatus: 'error',
    outcome: 'refused',
    text: 'failed too often and is not asked for a while',
  },
  reset: {
    status: 502,
    type: 'upstream_error',
    code: 'upstream_reset',
    callStatus: 'error',
    outcome: 'upstream_reset',
    text: 'broke off its answer',
  },
  response_too_large: {
    status: 502,
    type: 'upstream_error',
    code: 'upstream_response_too_large',
    callStatus: 'error',
    outcome: 'in_band_error',
    text: 'sent more than the gateway takes',
    retry: false,
  },
  invalid_response: {
    status: 502,
    type: 'upstream_error',
    code: 'upstream_invalid_response',
    callStatus: 'error',
    outcome: 'in_band_error',
    text: 'sent an answer that cannot be read',
  },
  in_band_error: {
    status: 502,
    type: 'upstream_error',
    code: 'upstream_error',
    callStatus: 'error',
    outcome: 'in_band_error',
    text: 'reported an error in its answer',
  },
  credentials_refused: {
    status: 502,
    type: 'upstream_error',
    code: 'upstream_credentials_refused',
    callStatus: 'rejected',
    outcome: 'rejected',
    text: "refused the gateway's credentials",
    retry: false,
  },
  rejected: {
    status: 400,
    type: 'invalid_request_error',
    code: 'upstream_rejected',
    callStatus: 'rejected',
    outcome: 'rejected',
    text: 'rejected the request',
  },
  rate_limited: {
    status: 429,
    type: 'rate_limit_error',
    code: 'upstream_rate_limited',
    callStatus: 'rejected',
    outcome: 'rejected',
    text: 'limits the rate',
  },
  overloaded: {
    status: 503,
    type: 'upstream_error',
    code: 'upstream_overloaded',
    callStatus: 'error',
    outcome: 'rejected',
    text: 'is overloaded',
  },
  failed: {
    status: 502,
    type: 'upstream_error',
    code: 'upstream_error',
    callStatus: 'error',
    outcome: 'rejected',
    text: 'failed',
  },
  gateway_stopping: {
    status: 503,
    type: 'api_error',
    code: 'gateway_stopping',
    callStatus: 'error',
    outcome: 'gateway_stopping',
    text: 'was cut off because this gateway stops',
    retry: true,
  },
  killed: {
    status: 503,
    type: 'api_error',
    code: 'call_killed',
    callStatus: 'cancelled',
    outcome: 'killed',
    text: 'was cut off by an administrator',
    retry: false,
  },
  client_drained: {
    status: 499,
    type: 'api_error',
    code: 'client_closed_request',
    callStatus: 'cancelled',
    outcome: 'client_cancelled_drained',
    text: 'was left by the client and read to its end for the usage',
    retry: false,
  },
  lost: {
    status: 499,
    type: 'api_error',
    code: 'attempt_lost',
    callStatus: 'cancelled',
    outcome: 'client_cancelled_aborted',
    text: 'was slower than another attempt',
    retry: false,
  },
  client_left: {
    status: 499,
    type: 'api_error',
    code: 'client_closed_request',
    callStatus: 'cancelled',
    outcome: 'client_cancelled_aborted',
    text: 'was left by the client',
    retry: false,
  },
} as const satisfies Record<string, FailureRule>;

export type FailureKind = keyof typeof rules;

/** The ways a call can fail. */
export const failureKinds = Object.keys(rules) as readonly FailureKind[];

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
    const summary = `The provider "${options.provider}" ${rules[kind].text}${status}`;
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
    return rules[this.kind].callStatus;
  }

  get outcome(): CallOutcome {
    return rules[this.kind].outcome;
  }

  /** How long the provider asks to be left alone; undefined when it did not say. */
  get retryAfterMs(): number | undefined {
    const { retryAfter } = this.#options;
    if (retryAfter === undefined) return undefined;
    const waitMs = /^\d{1,9}(?:\.\d{1,9})?$/.test(retryAfter)
      ? Number(retryAfter) * 1000
      : Date.parse(retryAfter) - Date.now();
    return Number.isFinite(waitMs) ? Math.min(Math.max(0, waitMs), longestWaitMs) : undefined;
  }

  /** The failure as the client gets it. */
  toApiError(): ApiError {
    const rule: FailureRule = rules[this.kind];
    const headers: Record<string, string> = {};
    const retry = this.exhausted ? false : rule.retry;
    if (retry !== undefined) headers['x-should-retry'] = String(retry);
    if (this.#options.retryAfter !== undefined) headers['retry-after'] = this.#options.retryAfter;
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

/** What was thrown as a failure of the provider, for the record: an `ApiError` is the gateway rejecting the request. */
export function asFailure(error: unknown, provider: string): ProviderFailure {
  if (error instanceof ProviderFailure) return error;
  if (error instanceof ApiError) return new ProviderFailure('rejected', { provider, detail: error.message });
  return new ProviderFailure('failed', { provider, detail: 'the gateway broke.' });
}
