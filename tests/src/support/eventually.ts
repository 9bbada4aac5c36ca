import { setTimeout as delay } from 'node:timers/promises';

/** Asks again until `probe` gives something other than undefined; throws what it last threw when time is up. */
export async function eventually<Result>(
  probe: () => Promise<Result | undefined> | Result | undefined,
  { timeoutMs = 15_000, intervalMs = 50, what = 'the condition' } = {},
): Promise<Result> {
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown = new Error(`${what} did not come about within ${timeoutMs} ms`);
  while (Date.now() < deadline) {
    try {
      const result = await probe();
      if (result !== undefined) return result;
    } catch (error) {
      lastError = error;
    }
    await delay(intervalMs);
  }
  throw lastError;
}
