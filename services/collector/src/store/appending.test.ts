import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SinkOverloadedError, type SpanKind } from '../model.ts';
import { StoreClosedError, StoreWriteError } from './errors.ts';
import { openStore } from './open-store.ts';
import { batch, chatCompletionTrace, log, NOON_UNIX_MS, newSpanId, sample, span } from './testing/records.ts';
import { temporaryStore } from './testing/temporary-store.ts';

test('a span sent twice is stored once, within a batch, a commit and across restarts', async (context) => {
  const store = await temporaryStore(context);
  const { traceId, spans } = chatCompletionTrace();
  await store.append(batch({ spans: [...spans, ...spans] }));
  await Promise.all([store.append(batch({ spans })), store.append(batch({ spans }))]);
  assert.equal((await store.getTrace(traceId))?.spanCount, 5);
  assert.deepEqual(store.statistics().dropped.duplicate_span, 15);

  await store.close();
  const reopened = await temporaryStore(context, { directory: store.directory });
  await reopened.append(batch({ spans: [...spans, span({ traceId, spanId: newSpanId() })] }));
  assert.equal((await reopened.getTrace(traceId))?.spanCount, 6);
  const found = await reopened.searchSpans({
    startUnixMs: NOON_UNIX_MS - 1,
    endUnixMs: NOON_UNIX_MS + 1000,
    attributes: [],
    rootOnly: false,
    limit: 10,
  });
  assert.deepEqual(
    found.rows.map((row) => row.trace.spanCount),
    Array.from({ length: 6 }, () => 6),
  );
  assert.deepEqual(reopened.statistics().rows, { spans: 6, logs: 0, samples: 0, series: 0 });
});

test('a copy that starts hours later does not double the span in its trace', async (context) => {
  const store = await temporaryStore(context);
  const original = span();
  const copy = { ...original, startTimeUnixNano: original.startTimeUnixNano + 7_200_000_000_000n };
  await store.append(batch({ spans: [original] }));
  await store.append(batch({ spans: [copy] }));
  assert.equal((await store.getTrace(original.traceId))?.spanCount, 1);
});

test('equal span ids in different traces are different spans', async (context) => {
  const store = await temporaryStore(context);
  const one = span();
  const other = { ...span(), spanId: one.spanId };
  await store.append(batch({ spans: [one, other] }));
  assert.equal(store.statistics().rows.spans, 2);
});

test('beyond the bound on records appends are refused, counted, and welcome again later', async (context) => {
  const store = await temporaryStore(context, { maxQueueRows: 10, commitDelayMs: 20 });
  const first = store.append(batch({ logs: Array.from({ length: 8 }, () => log()) }));
  await assert.rejects(store.append(batch({ logs: [log(), log(), log()] })), (error: Error) => {
    assert.ok(error instanceof SinkOverloadedError);
    assert.ok(error.retryAfterMs > 0);
    assert.match(error.message, /8 of at most 10 records/);
    return true;
  });
  const second = store.append(batch({ logs: [log(), log()] }));
  await Promise.all([first, second]);
  await store.append(batch({ logs: [log(), log(), log()] }));
  const { rows, dropped, queuedRows, queuedBytes, queuedBatches } = store.statistics();
  assert.equal(rows.logs, 13);
  assert.equal(dropped.overloaded, 3);
  assert.deepEqual(
    { queuedRows, queuedBytes, queuedBatches },
    { queuedRows: 0, queuedBytes: 0, queuedBatches: 0 },
  );
});

test('beyond the bound on bytes appends are refused', async (context) => {
  const store = await temporaryStore(context, { maxQueueBytes: 5_000, commitDelayMs: 20 });
  const first = store.append(batch({ logs: [log({ message: 'x'.repeat(4_000) })] }));
  await assert.rejects(
    store.append(batch({ logs: [log({ message: 'x'.repeat(4_000) })] })),
    /of at most 5000 bytes/,
  );
  await first;
});

test('when the disk is nearly full appends are refused, and what is stored can be read', async (context) => {
  const store = await temporaryStore(context);
  const { traceId, spans } = chatCompletionTrace();
  await store.append(batch({ spans }));
  await store.close();
  const { directory } = store;
  const full = await temporaryStore(context, { directory, minFreeBytes: Number.MAX_SAFE_INTEGER });
  await assert.rejects(full.append(batch({ logs: [log()] })), (error: Error) => {
    assert.ok(error instanceof SinkOverloadedError);
    assert.ok(error.message.includes(directory), error.message);
    return true;
  });
  assert.equal((await full.getTrace(traceId))?.spanCount, 5);
  assert.equal(full.statistics().dropped.overloaded, 1);
});

test('a batch larger than the bounds is let in when nothing else waits', async (context) => {
  const store = await temporaryStore(context, { maxQueueRows: 10 });
  await store.append(batch({ logs: Array.from({ length: 25 }, () => log()) }));
  assert.equal(store.statistics().rows.logs, 25);
});

test('a batch that cannot be written is refused alone, and nothing of it is kept', async (context) => {
  const store = await temporaryStore(context);
  const broken = batch({ spans: [span(), span({ kind: 'sideways' as SpanKind })], logs: [log()] });
  const outcomes = await Promise.allSettled([
    store.append(batch({ spans: [span()], samples: [sample('a', { value: 1, unixMs: NOON_UNIX_MS })] })),
    store.append(broken),
    store.append(batch({ logs: [log()] })),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.ok(outcomes[1]?.status === 'rejected' && outcomes[1].reason instanceof StoreWriteError);
  const { rows, dropped } = store.statistics();
  assert.deepEqual(rows, { spans: 1, logs: 1, samples: 1, series: 1 });
  assert.equal(dropped.write_failed, 3);
  await store.append(batch({ spans: [span()] }));
  assert.equal(store.statistics().rows.spans, 2);
});

test('samples of series beyond the bound are dropped and counted', async (context) => {
  const store = await temporaryStore(context, { maxSeries: 2 });
  const samples = ['a', 'b', 'c', 'd'].map((name) => sample(name, { value: 1, unixMs: NOON_UNIX_MS }));
  await store.append(batch({ samples }));
  const { rows, dropped } = store.statistics();
  assert.deepEqual([rows.samples, rows.series, dropped.series_limit], [2, 2, 2]);
});

test('attributes too large for one record are left out, the largest first, and counted', async (context) => {
  const store = await temporaryStore(context);
  const attributes = { small: 'kept', huge: 'x'.repeat(300_000) };
  const one = span({ attributes });
  await store.append(batch({ spans: [one] }));
  const trace = await store.getTrace(one.traceId);
  assert.deepEqual(trace?.spans[0]?.attributes, { small: 'kept', 'otel.dropped_attributes_count': 1 });
  assert.equal(store.statistics().cutAttributes, 1);
});

test('closing commits what waits; afterwards the store refuses', async (context) => {
  const store = await temporaryStore(context, { commitDelayMs: 50 });
  const { traceId, spans } = chatCompletionTrace();
  const waiting = store.append(batch({ spans }));
  await Promise.all([store.close(), waiting]);
  await assert.rejects(store.append(batch({ spans })), StoreClosedError);
  await assert.rejects(store.getTrace(traceId), StoreClosedError);
  const reopened = await openStore({ directory: store.directory });
  assert.equal(reopened.statistics().rows.spans, 5);
  await reopened.close();
});
