import type { FailureKind } from '../providers/failure-rules.ts';

/** When a target is asked again. */
export interface RetryPolicy {
  /** After the first attempt, of one target. */
  readonly maximumRetries: number;
  /** The failures after which another attempt is made. */
  readonly on: ReadonlySet<FailureKind>;
  /** Before the first retry; it doubles with each. Half of it is left to chance. */
  readonly backoffMs: number;
  readonly maximumBackoffMs: number;
  /** A provider that asks to be left alone for longer is not asked again by this call. */
  readonly maximumRetryAfterMs: number;
}

/** How long one attempt may take; undefined for as long as the provider's own time-outs and the call's let it. */
export interface AttemptTimeouts {
  /** From the request to the headers of the answer. */
  readonly firstByteMs: number | undefined;
  /** Between two pieces of the answer. */
  readonly idleMs: number | undefined;
  /** From the request to the end of the answer. */
  readonly totalMs: number | undefined;
}

/** When a target that fails is left alone. */
export interface CircuitPolicy {
  /** Failures in a row that open the circuit. */
  readonly failures: number;
  /** How long it stays open before a request tries again. */
  readonly openMs: number;
}

/** How the targets of a route are asked. */
export interface RoutePolicy {
  readonly retries: RetryPolicy;
  readonly timeouts: AttemptTimeouts;
  /** Undefined where no circuit breaks. */
  readonly circuit: CircuitPolicy | undefined;
  /** When a second target is asked beside a first that has not answered; undefined for never. */
  readonly hedgeAfterMs: number | undefined;
  /** All attempts together; undefined for the gateway's own limit. */
  readonly totalMs: number | undefined;
}

/** Failures that another attempt may turn out better than. */
export const retryableKinds: readonly FailureKind[] = [
  'unreachable',
  'connect_timeout',
  'headers_timeout',
  'idle_timeout',
  'attempt_timeout',
  'reset',
  'invalid_response',
  'in_band_error',
  'rate_limited',
  'overloaded',
  'failed',
];

/** Failures that are no fault of the provider that was asked, or that end the call whoever is asked. */
const finalKinds: readonly FailureKind[] = [
  'rejected',
  'total_timeout',
  'client_left',
  'killed',
  'gateway_stopping',
  'lost',
];

/** Whether another target may do better. */
export function mayFallBack(kind: FailureKind): boolean {
  return !finalKinds.includes(kind);
}

/** One attempt, as long as the provider's own time-outs let it. */
export const oneAttempt: RoutePolicy = {
  retries: {
    maximumRetries: 0,
    on: new Set(retryableKinds),
    backoffMs: 250,
    maximumBackoffMs: 5_000,
    maximumRetryAfterMs: 10_000,
  },
  timeouts: { firstByteMs: undefined, idleMs: undefined, totalMs: undefined },
  circuit: undefined,
  hedgeAfterMs: undefined,
  totalMs: undefined,
};
