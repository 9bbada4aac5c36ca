import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batch, chatCompletionTrace, NOON_UNIX_MS, nano, newTraceId, span } from './testing/records.ts';
import { temporaryStore } from './testing/temporary-store.ts';

test('a trace of three services comes back whole, in order of start', async (context) => {
  const store = await temporaryStore(context);
  const { traceId, spans } = chatCompletionTrace();
  await store.append(batch({ spans: spans.slice(2) }));
  await store.append(batch({ spans: spans.slice(0, 2) }));
  await store.append(batch({ spans: [span()] }));

  const trace = await store.getTrace(traceId);
  assert.deepEqual(trace, {
    traceId,
    startTimeUnixNano: nano(NOON_UNIX_MS),
    durationNano: 180_000_000n,
    spanCount: 5,
    errorCount: 3,
    services: ['auth', 'proxy'],
    truncated: false,
    spans,
  });
  assert.equal(await store.getTrace('0123456789abcdef0123456789abcdef'), undefined);
});

test('of a huge trace the earliest spans are handed out, and the totals tell the rest', async (context) => {
  const store = await temporaryStore(context);
  const traceId = newTraceId();
  const spans = Array.from({ length: 10_050 }, (_, index) =>
    span({ traceId, startTimeUnixNano: nano(NOON_UNIX_MS + index), status: index > 10_000 ? 'error' : 'ok' }),
  );
  await store.append(batch({ spans: spans.toReversed() }));
  const trace = await store.getTrace(traceId);
  assert.deepEqual([trace?.spanCount, trace?.errorCount, trace?.truncated], [10_050, 49, true]);
  assert.deepEqual(
    trace?.spans.map((one) => one.spanId),
    spans.slice(0, 10_000).map((one) => one.spanId),
  );
  assert.equal(trace?.durationNano, 10_049n * 1_000_000n + 12_345_678n);
});
