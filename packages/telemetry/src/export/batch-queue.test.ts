import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { sampleSpan } from '../testing/sample-span.ts';
import type { FinishedSpan } from '../traces/span.ts';
import { BatchQueue, type BatchQueueOptions } from './batch-queue.ts';
import type { ExportResult } from './exporter.ts';

/** A queue over an exporter that answers by `respond`, and what became of the spans. */
function startQueue(
  respond: (spans: readonly FinishedSpan[], attempt: number) => ExportResult | Promise<ExportResult>,
  options: Partial<BatchQueueOptions> = {},
) {
  const batches: number[] = [];
  const dropped: Record<string, number> = {};
  const state = { exported: 0, closed: 0, detail: '' };
  const queue = new BatchQueue(
    {
      export: async (spans) => {
        batches.push(spans.length);
        return respond(spans, batches.length);
      },
      close: () => {
        state.closed++;
      },
    },
    {
      onExported: (count) => {
        state.exported += count;
      },
      onDropped: (count, reason, detail) => {
        dropped[reason] = (dropped[reason] ?? 0) + count;
        state.detail = detail;
      },
      ...options,
    },
  );
  const add = (count: number) => {
    for (let index = 0; index < count; index++) queue.add(sampleSpan());
  };
  return { queue, add, batches, dropped, state };
}

const accepted: ExportResult = { outcome: 'accepted' };
const never = () => new Promise<ExportResult>(() => {});

describe('batches', () => {
  test('hold at most 2,048 spans and leave one after the other', async () => {
    let underWay = 0;
    const { queue, add, batches, state } = startQueue(async () => {
      underWay++;
      assert.equal(underWay, 1);
      await new Promise(setImmediate);
      underWay--;
      return accepted;
    });
    add(5_000);
    await queue.stop(2_000);
    assert.deepEqual(batches, [2_048, 2_048, 904]);
    assert.equal(state.exported, 5_000);
    assert.equal(state.closed, 1);
  });

  test('that are not full leave after the interval', async () => {
    const sent = new EventTarget();
    const arrival = once(sent, 'batch');
    const { add, batches } = startQueue(
      () => {
        sent.dispatchEvent(new Event('batch'));
        return accepted;
      },
      { intervalMs: 5 },
    );
    add(3);
    const keepAlive = setInterval(() => {}, 1_000);
    await arrival;
    clearInterval(keepAlive);
    assert.deepEqual(batches, [3]);
  });
});

test('spans of some seconds of a busy process wait for a receiver that stands still, and none is lost', async () => {
  const answer = Promise.withResolvers<ExportResult>();
  const { queue, add, dropped, state } = startQueue(() => answer.promise);
  add(22_000);
  assert.deepEqual(dropped, {});
  answer.resolve(accepted);
  await queue.stop(10_000);
  assert.deepEqual([state.exported, dropped], [22_000, {}]);
});

describe('what is lost is counted by reason', () => {
  test('queue_full: beyond the limit', async () => {
    const { queue, add, dropped, state } = startQueue(() => accepted, { maximumSpans: 100 });
    add(130);
    assert.deepEqual(dropped, { queue_full: 30 });
    assert.equal(state.detail, '100 spans wait');
    await queue.stop(2_000);
    assert.equal(state.exported, 100);
  });

  test('queue_full: while the collector does not answer, memory stays bounded', async () => {
    const { queue, add, dropped } = startQueue(never, { maximumSpans: 1_000 });
    add(10_000);
    assert.deepEqual(dropped, { queue_full: 8_488 });
    await queue.stop(1);
    assert.deepEqual(dropped, { queue_full: 8_488, stopping: 1_512 });
  });

  test('queue_full: beyond the bytes, those under way included', async () => {
    const answer = Promise.withResolvers<ExportResult>();
    const { queue, dropped, state, batches } = startQueue(() => answer.promise, { maximumBytes: 3_000_000 });
    const large = () => sampleSpan({ attributes: { text: 'x'.repeat(9_800) } });
    for (let index = 0; index < 1_000; index++) queue.add(large());
    assert.ok(queue.heldBytes <= 3_000_000 && queue.heldBytes > 2_950_000, `${queue.heldBytes} bytes`);
    assert.equal(state.detail, '3000000 bytes of spans wait');
    queue.add(sampleSpan());
    answer.resolve(accepted);
    await queue.stop(5_000);
    assert.equal(queue.heldBytes, 0);
    assert.equal(state.exported + (dropped.queue_full ?? 0), 1_001);
    assert.ok(batches.length >= 3, 'no batch is larger than a megabyte');
  });

  test('refused: by the receiver, without a second attempt', async () => {
    const { queue, add, dropped, batches } = startQueue(() => ({ outcome: 'refused', reason: 'HTTP 400' }));
    add(5);
    await queue.stop(2_000);
    assert.deepEqual([dropped, batches], [{ refused: 5 }, [5]]);
  });

  test('refused: the part of a batch the receiver rejected', async () => {
    const { queue, add, dropped, state } = startQueue(() => ({
      outcome: 'accepted',
      rejected: 2,
      reason: 'ids',
    }));
    add(5);
    await queue.stop(2_000);
    assert.deepEqual([dropped, state.exported, state.detail], [{ refused: 2 }, 3, 'ids']);
  });

  test('refused: an exporter that throws, and the process lives', async () => {
    const { queue, add, dropped, state } = startQueue(() => {
      throw new Error('broken');
    });
    add(5);
    await queue.stop(2_000);
    assert.deepEqual([dropped, state.detail], [{ refused: 5 }, 'the exporter threw: Error: broken']);
  });

  test('stopping: what was under way or waiting when time ran out, and what comes later', async () => {
    const { queue, add, dropped, state } = startQueue(never);
    add(700);
    await queue.stop(10);
    assert.deepEqual(dropped, { stopping: 700 });
    assert.equal(state.closed, 1);
    add(2);
    await queue.stop(10);
    assert.deepEqual(dropped, { stopping: 702 });
    assert.equal(state.closed, 1);
  });
});

describe('a batch that cannot be delivered', () => {
  test('is tried again until it is', async () => {
    const { queue, add, batches, state, dropped } = startQueue((_spans, attempt) =>
      attempt < 3 ? { outcome: 'retry', reason: 'UNAVAILABLE' } : accepted,
    );
    add(4);
    await queue.stop(5_000);
    assert.deepEqual([batches, state.exported, dropped], [[4, 4, 4], 4, {}]);
  });

  test('waits as long as the receiver asks', async () => {
    const times: number[] = [];
    const { queue, add } = startQueue((_spans, attempt) => {
      times.push(performance.now());
      return attempt === 1 ? { outcome: 'retry', reason: 'HTTP 429', retryAfterMs: 400 } : accepted;
    });
    add(1);
    await queue.stop(5_000);
    assert.ok((times[1] as number) - (times[0] as number) >= 399);
  });

  test('waits before the next batch as well', async () => {
    const times: number[] = [];
    const { queue, add, dropped } = startQueue(
      (_spans, attempt) => {
        times.push(performance.now());
        return attempt === 1 ? { outcome: 'retry', reason: 'HTTP 503', retryAfterMs: 1e12 } : accepted;
      },
      { intervalMs: 1 },
    );
    add(2_048);
    add(1);
    await queue.stop(300);
    // The first was given up at once; the second may not go out for a minute.
    assert.deepEqual([times.length, dropped], [1, { export_failed: 2_048, stopping: 1 }]);
  });

  test('is given up when the receiver asks for more patience than there is', async () => {
    const { queue, add, batches, dropped } = startQueue(() => ({
      outcome: 'retry',
      reason: 'HTTP 503',
      retryAfterMs: 1e12,
    }));
    add(1);
    await queue.stop(2_000);
    assert.deepEqual([batches, dropped], [[1], { export_failed: 1 }]);
  });
});
