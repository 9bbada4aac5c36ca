import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProviderFailure } from '../providers/failure.ts';
import { reportForTest } from '../testing/call-report.ts';
import { CallsInFlight } from './calls-in-flight.ts';

function register(calls: CallsInFlight) {
  const call = {
    operation: 'generate_stream',
    report: reportForTest(),
    startedAt: performance.now(),
  } as const;
  return { ...call, leave: calls.add(call) };
}

test('tells of every call under way, the oldest first, as many as asked for', () => {
  const calls = new CallsInFlight();
  const first = register(calls);
  register(calls);
  first.report.served = { provider: 'acme', model: 'acme-large', label: 'acme-large' };
  first.report.attemptCount = 2;
  first.report.answer.countChunk(false);
  first.report.answer.countChunk(true);
  first.report.waitsForClient = true;
  const [told, ...others] = calls.list(1);
  assert.deepEqual(others, []);
  const { ageMs, firstTokenMs, ...rest } = told ?? assert.fail();
  assert.ok(ageMs >= 0 && (firstTokenMs ?? -1) >= 0);
  assert.deepEqual(rest, {
    requestId: 'request-1',
    orgId: undefined,
    agentId: undefined,
    dialect: 'chat',
    operation: 'generate_stream',
    model: 'model-1',
    provider: 'acme',
    upstreamModel: 'acme-large',
    chunks: 2,
    inputTokens: undefined,
    outputTokens: undefined,
    attempts: 2,
    client: 'slow',
  });
  assert.equal(calls.list(10).length, 2);
  first.leave();
  assert.equal(calls.size, 1);
});

test('a call leaves once, and no other with it', () => {
  const changes: number[] = [];
  const calls = new CallsInFlight((_call, change) => changes.push(change));
  const [first, second, third] = [register(calls), register(calls), register(calls)];
  first.leave();
  first.leave();
  third.leave();
  assert.equal(calls.size, 1);
  assert.deepEqual(changes, [1, 1, 1, -1, -1]);
  second.report.served = { provider: 'acme', model: 'm', label: 'm' };
  assert.equal(calls.list(10)[0]?.provider, 'acme');
  second.leave();
  assert.deepEqual(calls.list(10), []);
});

test('ends the calls of a request, with the reason', () => {
  const changes: number[] = [];
  const calls = new CallsInFlight((_call, change) => changes.push(change));
  const { report } = register(calls);
  assert.equal(calls.kill('somebody-else'), 0);
  assert.equal(calls.kill('request-1'), 1);
  assert.ok(report.signal.reason instanceof ProviderFailure && report.signal.reason.kind === 'killed');
  assert.deepEqual(changes, [1]);
});
