import assert from 'node:assert/strict';
import { it } from 'node:test';
import { LoginLimiter } from './login-limiter.ts';

it('LoginLimiter counts each address by itself and forgets after a minute', () => {
  let now = 0;
  const limiter = new LoginLimiter({ attemptsPerMinute: 2, now: () => now });
  assert.deepEqual(
    [1, 2, 3].map(() => limiter.attempt('a')),
    [0, 0, 60],
  );
  assert.equal(limiter.attempt('b'), 0);
  now = 30_500;
  assert.equal(limiter.attempt('a'), 30);
  now = 60_000;
  assert.equal(limiter.attempt('a'), 0);
});
