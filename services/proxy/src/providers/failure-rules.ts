import type { ApiErrorType } from '../api-error.ts';

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

export interface FailureRule {
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
export const failureRules = {
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
  out_of_credit: {
    status: 502,
    type: 'upstream_error',
    code: 'upstream_out_of_credit',
    callStatus: 'rejected',
    outcome: 'rejected',
    text: 'has no credit left for this gateway',
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

export type FailureKind = keyof typeof failureRules;

/** The ways a call can fail. */
export const failureKinds = Object.keys(failureRules) as readonly FailureKind[];
