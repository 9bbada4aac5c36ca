import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleSpan } from '../testing/sample-span.ts';
import { BatchQueue } from './batch-queue.ts';
import { encodeSpans } from './encode.ts';
import type { SpanExporter } from './exporter.ts';
import { holdEncoded } from './held-span.ts';

const resource = { 'service.name': 'proxy' };

test('a span that is held encoded is sent as the same bytes, and reads the same', () => {
  const span = sampleSpan({ attributes: { 'http.route': '/v1/models', 'http.response.status_code': 200 } });
  const held = holdEncoded(span);
  assert.deepEqual(encodeSpans([held], resource), encodeSpans([span], resource));
  assert.deepEqual(held.attributes, span.attributes);
  assert.equal(held.traceId, span.traceId);
  assert.equal(holdEncoded(held), held);
});

test('what waits is what it was when it was added', async () => {
  const batches: Buffer[] = [];
  const exporter: SpanExporter = {
    hold: holdEncoded,
    export: async (spans) => {
      batches.push(encodeSpans(spans, resource));
      return { outcome: 'accepted' };
    },
    close: () => {},
  };
  const queue = new BatchQueue(exporter, { onExported: () => {}, onDropped: () => {} });
  const span = sampleSpan({ attributes: { state: 'ended' } });
  const expected = encodeSpans([span], resource);
  queue.add(span);
  (span.attributes as Record<string, string>).state = 'changed';
  await queue.stop(1_000);
  assert.deepEqual(batches, [expected]);
});
