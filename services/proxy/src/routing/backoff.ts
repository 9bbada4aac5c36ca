import type { ProviderFailure } from '../providers/failure.ts';
import type { RetryPolicy } from './policy.ts';

/**
 * How long to wait before the next retry; undefined when no retry is to be made. Doubles with each, half of it by chance;
 * never shorter than the provider asked for, within the policy's bound.
 */
export function retryDelayMs(
  failure: ProviderFailure,
  { policy, retries, random = Math.random }: { policy: RetryPolicy; retries: number; random?: () => number },
): number | undefined {
  if (retries >= policy.maximumRetries || !policy.on.has(failure.kind)) return undefined;
  const longestMs = Math.min(policy.backoffMs * 2 ** retries, policy.maximumBackoffMs);
  const delayMs = longestMs / 2 + (longestMs / 2) * random();
  const { retryAfterMs = 0 } = failure;
  return retryAfterMs > policy.maximumRetryAfterMs ? undefined : Math.max(delayMs, retryAfterMs);
}
