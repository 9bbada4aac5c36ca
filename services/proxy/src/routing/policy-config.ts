import { z } from 'zod';
import { failureKinds } from '../providers/failure-rules.ts';
import { oneAttempt, type RoutePolicy, retryableKinds } from './policy.ts';

const maximumMs = 3_600_000;
const milliseconds = z.number().int().min(1).max(maximumMs);

/** How targets are asked, as `config.yaml` says it: in `routing` for all routes, in a route for that one. */
export const policyShape = {
  retries: z
    .strictObject({
      max: z.number().int().min(0).max(5).optional(),
      on: z.array(z.enum(retryableKinds)).max(failureKinds.length).optional(),
      backoff_ms: milliseconds.optional(),
      max_backoff_ms: milliseconds.optional(),
      max_retry_after_ms: z.number().int().min(0).max(maximumMs).optional(),
    })
    .optional(),
  timeouts: z
    .strictObject({
      first_byte_ms: milliseconds.optional(),
      idle_ms: milliseconds.optional(),
      attempt_ms: milliseconds.optional(),
      total_ms: milliseconds.optional(),
    })
    .optional(),
  circuit: z
    .strictObject({
      failures: z.number().int().min(1).max(1_000),
      open_ms: milliseconds.default(30_000),
    })
    .optional(),
  hedge: z.strictObject({ after_ms: milliseconds }).optional(),
};

const policySchema = z.object(policyShape);
export type PolicyEntry = z.output<typeof policySchema>;

/** The policy of an entry; what it leaves out is as in `base`. */
export function readPolicy(entry: PolicyEntry, base: RoutePolicy = oneAttempt): RoutePolicy {
  const { retries, timeouts, circuit, hedge } = entry;
  return {
    retries: {
      maximumRetries: retries?.max ?? base.retries.maximumRetries,
      on: retries?.on === undefined ? base.retries.on : new Set(retries.on),
      backoffMs: retries?.backoff_ms ?? base.retries.backoffMs,
      maximumBackoffMs: retries?.max_backoff_ms ?? base.retries.maximumBackoffMs,
      maximumRetryAfterMs: retries?.max_retry_after_ms ?? base.retries.maximumRetryAfterMs,
    },
    timeouts: {
      firstByteMs: timeouts?.first_byte_ms ?? base.timeouts.firstByteMs,
      idleMs: timeouts?.idle_ms ?? base.timeouts.idleMs,
      totalMs: timeouts?.attempt_ms ?? base.timeouts.totalMs,
    },
    circuit: circuit === undefined ? base.circuit : { failures: circuit.failures, openMs: circuit.open_ms },
    hedgeAfterMs: hedge?.after_ms ?? base.hedgeAfterMs,
    totalMs: timeouts?.total_ms ?? base.totalMs,
  };
}
