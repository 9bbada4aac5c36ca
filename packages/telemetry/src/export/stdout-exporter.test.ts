import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryDestination } from '../testing/memory.ts';
import { sampleSpan } from '../testing/sample-span.ts';
import { createStdoutExporter } from './stdout-exporter.ts';

test('each span is one line of JSON with its times, attributes and resource', async () => {
  const destination = new MemoryDestination();
  const exporter = createStdoutExporter(destination, { 'service.name': 'proxy' });
  const attributes = { 'http.route': '/v1/models', text: 'two\nlines' };
  const result = await exporter.export([sampleSpan({ attributes }), sampleSpan({ name: 'second' })]);
  exporter.close();

  assert.deepEqual(result, { outcome: 'accepted' });
  assert.deepEqual(
    destination.text.map((line) => line.indexOf('\n')),
    destination.text.map((line) => line.length - 1),
  );
  const [first, second] = destination.lines;
  assert.equal(first?.type, 'span');
  assert.equal(first?.traceId, '0af7651916cd43dd8448eb211c80319c');
  assert.equal(first?.start, '2026-03-03T06:36:44.123Z');
  assert.equal(first?.duration_ms, 2.25);
  assert.deepEqual(first?.attributes, attributes);
  assert.deepEqual(first?.resource, { 'service.name': 'proxy' });
  assert.equal(second?.name, 'second');
});
