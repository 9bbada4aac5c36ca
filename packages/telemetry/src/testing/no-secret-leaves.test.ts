import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plantCanary } from './canaries/plant.ts';
import { assertNoSecretLeaves } from './no-secret-leaves.ts';
import { startTestTelemetry } from './start-test-telemetry.ts';

test('no canary leaves through logs, spans or metrics, whatever carries it', async () => {
  const { telemetry, exporter, destination } = startTestTelemetry('proxy');
  const count = await assertNoSecretLeaves({
    drive: async (canaries) => {
      for (const canary of canaries) {
        plantCanary(telemetry, canary);
        // The queue is bounded: spans are delivered as they come.
        await new Promise(setImmediate);
      }
      await telemetry.stop();
      assert.equal(exporter.spans.length, canaries.length);
    },
    sinks: {
      logs: () => destination.text,
      spans: () => exporter.spans,
      metrics: () => telemetry.metrics.exposition(),
    },
  });
  assert.ok(count >= 2_000, `${count} canaries`);
});

for (const [name, leak] of Object.entries({
  plain: (secret: string) => secret,
  'lower case': (secret: string) => secret.toLowerCase(),
  base64: (secret: string) => Buffer.from(`x${secret}`).toString('base64'),
  hex: (secret: string) => Buffer.from(secret).toString('hex'),
  bytes: (secret: string) => Buffer.from(secret),
  'a value inside': (secret: string) => ({ deep: new Map([[{ secret }, 1]]) }),
})) {
  test(`a sink without protection is found: ${name}`, async () => {
    let left: unknown;
    const attempt = assertNoSecretLeaves({
      drive: (canaries) => {
        const canary = canaries.find(
          ({ source, carrier }) => source.endsWith('model_key') && carrier === 'Map',
        );
        left = leak(canary?.secret ?? '');
      },
      sinks: { 'open sink': () => left },
    });
    await assert.rejects(attempt, {
      name: 'AssertionError',
      message:
        /secret of pattern model_key, carried by Map, written plain, was found in the sink "open sink" as/,
    });
  });
}
