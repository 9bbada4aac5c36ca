import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CircuitBreaker, type CircuitState } from './circuit-breaker.ts';

function create() {
  const states: CircuitState[] = [];
  const breaker = new CircuitBreaker({ failures: 2, openMs: 1000 }, (state) => states.push(state));
  return { breaker, states };
}

test('opens after failures in a row, and admits nothing while open', () => {
  const { breaker, states } = create();
  breaker.failed(0);
  breaker.succeeded();
  breaker.failed(0);
  assert.equal(breaker.admits(1), true);
  breaker.failed(1);
  assert.deepEqual(states, ['open']);
  assert.equal(breaker.admits(1000), false);
  assert.equal(breaker.waitMs(500), 501);
});

test('lets one request at a time try when the time is over, and closes when it succeeds', () => {
  const { breaker, states } = create();
  breaker.failed(0);
  breaker.failed(0);
  assert.equal(breaker.admits(1000), true);
  assert.equal(breaker.admits(1000), false, 'only one at a time');
  breaker.succeeded();
  assert.equal(breaker.admits(1000), true);
  assert.deepEqual(states, ['open', 'half_open', 'closed']);
});

test('opens again when the one that tries fails, and admits another when it tells nothing', () => {
  const { breaker, states } = create();
  breaker.failed(0);
  breaker.failed(0);
  breaker.admits(1000);
  breaker.abandoned();
  assert.equal(breaker.admits(1000), true);
  breaker.failed(1000);
  assert.equal(breaker.admits(1999), false);
  assert.deepEqual(states, ['open', 'half_open', 'open']);
});
