import { setTimeout as wait } from 'node:timers/promises';
import { ProviderFailure } from '../failure.ts';
import { readFailure } from '../read-failure.ts';

export const echoName = 'echo';

/** Waits; throws the signal's reason when it aborts. */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(durationMs, undefined, { signal });
  } catch {
    throw signal.reason;
  }
}

/** What a provider that dies in the middle of an answer looks like. */
export function die(): ProviderFailure {
  return new ProviderFailure('reset', { provider: echoName, detail: 'as /die-after asked for.' });
}

/** What a provider that answers an error looks like. */
export function fail(status: number): ProviderFailure {
  return readFailure({
    provider: echoName,
    status,
    body: JSON.stringify({ error: { message: `as /fail ${status} asked for.` } }),
    ...(status === 429 ? { retryAfter: '1' } : {}),
    redact: (text) => text,
  });
}

/** Never answers: times out after `hangMs`, or after `limitMs` when that is sooner. Always throws. */
export async function hang(
  hangMs: number,
  options: { readonly limitMs: number; readonly signal: AbortSignal },
): Promise<never> {
  await pause(Math.min(hangMs, options.limitMs), options.signal);
  throw new ProviderFailure('headers_timeout', { provider: echoName, detail: 'as /hang asked for.' });
}
