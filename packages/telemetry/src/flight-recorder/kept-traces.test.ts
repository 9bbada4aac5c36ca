import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { KeptTraces } from './kept-traces.ts';

test('remembers why a trace is kept', () => {
  const kept = new KeptTraces({ maximum: 10, lifetimeMs: 60_000 });
  assert.equal(kept.reasonOf('a'), undefined);
  kept.add('a', 'slow');
  assert.equal(kept.reasonOf('a'), 'slow');
  assert.equal(kept.reasonOf('b'), undefined);
});

test('holds a bounded number: the oldest leave', () => {
  const kept = new KeptTraces({ maximum: 100, lifetimeMs: 60_000 });
  for (let index = 0; index < 10_000; index++) kept.add(String(index), 'error');
  assert.equal(kept.size, 100);
  assert.equal(kept.reasonOf('9899'), undefined);
  assert.equal(kept.reasonOf('9900'), 'error');
});

test('forgets a trace when its time is over', async () => {
  const kept = new KeptTraces({ maximum: 10, lifetimeMs: 5 });
  kept.add('a', 'status');
  await delay(10);
  assert.equal(kept.reasonOf('a'), undefined);
  assert.equal(kept.size, 0);
  kept.add('b', 'status');
  await delay(10);
  kept.add('c', 'status');
  assert.equal(kept.size, 1, 'what expired unasked leaves with the next that comes');
});
