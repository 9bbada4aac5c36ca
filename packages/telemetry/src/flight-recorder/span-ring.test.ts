import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { SpanRing } from './span-ring.ts';

const capacityBytes = 64 * 1024;

/** A span as the ring sees it: the trace id is its first field, the rest is anything. */
function encoded(traceId: string, { bytes = 200, mark = 0 } = {}): Buffer {
  const rest = Buffer.alloc(bytes - 18, mark);
  return Buffer.concat([Buffer.from([0x0a, 16]), Buffer.from(traceId, 'hex'), rest]);
}

function newTraceId(): string {
  return randomBytes(16).toString('hex');
}

function newRing(): { ring: SpanRing; evicted: () => number } {
  let evicted = 0;
  const ring = new SpanRing(capacityBytes, { onEvicted: (count) => (evicted += count) });
  return { ring, evicted: () => evicted };
}

describe('the ring', () => {
  test('gives the spans of one trace, oldest first, as they were put in', () => {
    const { ring } = newRing();
    const [wanted, other] = [newTraceId(), newTraceId()];
    const spans = [1, 2, 3].map((mark) => encoded(wanted, { mark, bytes: 100 + mark }));
    for (const [index, span] of spans.entries()) {
      ring.add(span, { localRoot: index === 2 });
      ring.add(encoded(other), { localRoot: false });
    }
    const taken = ring.take(wanted);
    assert.deepEqual(
      taken.spans.map(({ bytes }) => bytes),
      spans,
    );
    assert.deepEqual(
      taken.spans.map(({ localRoot }) => localRoot),
      [false, false, true],
    );
    assert.equal(taken.truncated, false);
  });

  test('gives a span out once', () => {
    const { ring } = newRing();
    const traceId = newTraceId();
    ring.add(encoded(traceId), { localRoot: false });
    assert.equal(ring.take(traceId).spans.length, 1);
    assert.equal(ring.take(traceId).spans.length, 0);
    ring.add(encoded(traceId), { localRoot: false });
    assert.equal(ring.take(traceId).spans.length, 1);
  });

  test('knows nothing of traces it never saw, nor of what is no trace id', () => {
    const { ring } = newRing();
    for (const traceId of [newTraceId(), '', 'zz', '00']) {
      assert.deepEqual(ring.take(traceId), { spans: [], truncated: false });
    }
  });

  test('goes round many times: the youngest spans stay, whole, and the oldest leave, counted', () => {
    const { ring, evicted } = newRing();
    const traceIds = Array.from({ length: 5_000 }, newTraceId);
    for (const [index, traceId] of traceIds.entries()) {
      // Lengths of all remainders, so that records end at every distance from the end of the buffer.
      ring.add(encoded(traceId, { bytes: 100 + (index % 301), mark: index % 256 }), { localRoot: false });
    }
    assert.ok(ring.usedBytes <= capacityBytes);
    assert.equal(ring.spanCount + evicted(), traceIds.length);
    const kept = ring.spanCount;
    assert.ok(kept > capacityBytes / 500, `${kept} spans are left`);
    for (const [index, traceId] of traceIds.entries()) {
      const { spans } = ring.take(traceId);
      const isYoung = index >= traceIds.length - kept;
      assert.equal(spans.length, isYoung ? 1 : 0, `span ${index}`);
      if (!isYoung) continue;
      const expected = encoded(traceId, { bytes: 100 + (index % 301), mark: index % 256 });
      assert.deepEqual(spans[0]?.bytes, expected);
    }
  });

  test('does not count spans that were taken before they had to leave', () => {
    const { ring, evicted } = newRing();
    const traceId = newTraceId();
    for (let index = 0; index < 10; index++) ring.add(encoded(traceId), { localRoot: false });
    ring.take(traceId);
    const { spanCount } = ring;
    let added = 0;
    while (evicted() === 0) {
      ring.add(encoded(newTraceId()), { localRoot: false });
      added++;
    }
    assert.equal(ring.spanCount, spanCount + added - 10 - 1);
  });

  test('refuses a span larger than a quarter of itself, and takes one that is just as large', () => {
    const { ring, evicted } = newRing();
    const traceId = newTraceId();
    const headerBytes = 24;
    assert.equal(ring.add(encoded(traceId, { bytes: capacityBytes / 4 }), { localRoot: false }), false);
    assert.equal(ring.spanCount, 0);
    const largest = encoded(traceId, { bytes: capacityBytes / 4 - headerBytes });
    for (let index = 0; index < 9; index++) assert.equal(ring.add(largest, { localRoot: false }), true);
    assert.equal(ring.spanCount, 4);
    assert.equal(evicted(), 5);
    assert.equal(ring.take(traceId).spans.length, 4);
  });

  test('keeps every trace apart that shares a bucket', () => {
    const { ring } = newRing();
    // 128 buckets: among 250 traces many share one.
    const traceIds = Array.from({ length: 125 }, newTraceId);
    for (const round of [1, 2]) {
      for (const traceId of traceIds) ring.add(encoded(traceId, { mark: round }), { localRoot: false });
    }
    for (const traceId of traceIds) {
      assert.deepEqual(
        ring.take(traceId).spans.map(({ bytes }) => bytes.at(-1)),
        [1, 2],
      );
    }
  });

  test('looks at a bounded number of spans, however many share a trace id, and says that it stopped', () => {
    const ring = new SpanRing(4 * 1024 * 1024, { onEvicted: () => assert.fail('there is room') });
    const traceId = newTraceId();
    for (let index = 0; index < 10_000; index++) {
      ring.add(encoded(traceId, { mark: index % 256, bytes: 40 }), { localRoot: false });
    }
    const { spans, truncated } = ring.take(traceId);
    assert.equal(spans.length, 8_192);
    assert.equal(truncated, true);
    assert.equal(spans.at(-1)?.bytes.at(-1), 9_999 % 256, 'the youngest are among them');
  });
});
