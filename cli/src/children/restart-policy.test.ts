import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RestartPolicy } from './restart-policy.ts';

test('each failure within a minute is waited for longer, and the fifth is the last', () => {
  const policy = new RestartPolicy();
  const delays = [0, 1_000, 2_000, 3_000, 4_000].map((nowMs) => policy.nextDelayMs(nowMs));
  assert.deepEqual(delays, [500, 1_000, 2_000, 4_000, undefined]);
});

test('failures of more than a minute ago are forgotten', () => {
  const policy = new RestartPolicy();
  for (const nowMs of [0, 1, 2, 3]) policy.nextDelayMs(nowMs);
  assert.equal(policy.nextDelayMs(60_003), 500);
  assert.equal(policy.failures, 1);
});
