import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleSpan } from '../testing/sample-span.ts';
import type { SpanExporter } from './exporter.ts';
import { createLazyExporter } from './lazy-exporter.ts';

function countingExporter() {
  const counts = { loaded: 0, exported: 0, closed: 0 };
  const exporter: SpanExporter = {
    export: async (spans) => {
      counts.exported += spans.length;
      return { outcome: 'accepted' };
    },
    close: () => {
      counts.closed++;
    },
  };
  const load = async () => {
    counts.loaded++;
    return exporter;
  };
  return { counts, load };
}

test('an exporter is loaded once, with its first batch', async () => {
  const { counts, load } = countingExporter();
  const exporter = createLazyExporter(load);
  assert.equal(counts.loaded, 0);
  const results = await Promise.all([exporter.export([sampleSpan()]), exporter.export([sampleSpan()])]);
  assert.deepEqual(results, [{ outcome: 'accepted' }, { outcome: 'accepted' }]);
  assert.deepEqual(counts, { loaded: 1, exported: 2, closed: 0 });
});

test('an exporter that was closed while it was loaded lets go of its connections', async () => {
  const { counts, load } = countingExporter();
  const exporter = createLazyExporter(load);
  const sending = exporter.export([sampleSpan()]);
  exporter.close();
  await sending;
  await Promise.resolve();
  assert.ok(counts.closed > 0);
});

test('an exporter that cannot be loaded is tried again with the next batch', async () => {
  const { counts, load } = countingExporter();
  let attempts = 0;
  const exporter = createLazyExporter(async () => {
    if (attempts++ === 0) throw new Error('no such module');
    return load();
  });
  assert.deepEqual(await exporter.export([sampleSpan()]), {
    outcome: 'retry',
    reason: 'the exporter cannot be loaded: Error: no such module',
  });
  assert.deepEqual(await exporter.export([sampleSpan()]), { outcome: 'accepted' });
  assert.equal(counts.loaded, 1);
});
