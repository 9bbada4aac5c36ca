import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProviderFailure } from '../providers/failure.ts';
import { retryDelayMs } from './backoff.ts';
import { oneAttempt } from './policy.ts';

const policy = { ...oneAttempt.retries, maximumRetries: 4, backoffMs: 100, maximumBackoffMs: 500 };
const overloaded = new ProviderFailure('overloaded', { provider: 'acme' });

test('doubles up to the bound, half of it by chance', () => {
  const delays = (random: number) =>
    [0, 1, 2, 3].map((retries) => retryDelayMs(overloaded, { policy, retries, random: () => random }));
  assert.deepEqual(delays(0), [50, 100, 200, 250]);
  assert.deepEqual(delays(1), [100, 200, 400, 500]);
});

test('ends with the retries, and makes none for what will not get better', () => {
  assert.equal(retryDelayMs(overloaded, { policy, retries: 4 }), undefined);
  const rejected = new ProviderFailure('rejected', { provider: 'acme' });
  assert.equal(retryDelayMs(rejected, { policy, retries: 0 }), undefined);
});

test('waits for as long as the provider asks, within the bound', () => {
  const asks = (retryAfter: string) => new ProviderFailure('rate_limited', { provider: 'acme', retryAfter });
  assert.equal(retryDelayMs(asks('2'), { policy, retries: 0 }), 2000);
  assert.equal(retryDelayMs(asks('11'), { policy, retries: 0 }), undefined);
  const date = new Date(Date.now() + 5000).toUTCString();
  const delayMs = retryDelayMs(asks(date), { policy, retries: 0 }) ?? 0;
  assert.ok(delayMs > 3000 && delayMs <= 5000, `${delayMs}`);
  const jitterOnly = retryDelayMs(asks('soon'), { policy, retries: 0, random: () => 0 });
  assert.equal(jitterOnly, 50);
});
