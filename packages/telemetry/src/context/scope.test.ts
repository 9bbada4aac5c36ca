import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import { currentRequest, currentSpan, type RequestRecord, runAtOnce, runInScope } from './scope.ts';

function requestNamed(requestId: string): RequestRecord {
  return { requestId, correlationId: requestId, method: 'GET', route: '/' };
}

test('there is no request and no span outside a scope', () => {
  assert.equal(currentRequest(), undefined);
  assert.equal(currentSpan(), undefined);
});

test('an inner scope keeps what it does not name, and ends by itself', () => {
  const { telemetry } = startTestTelemetry('proxy');
  const request = requestNamed('outer');
  const span = telemetry.tracer.startSpan('inner');
  runInScope({ request }, () => {
    runInScope({ span }, () => {
      assert.equal(currentRequest(), request);
      assert.equal(currentSpan(), span);
    });
    assert.equal(currentSpan(), undefined);
  });
  assert.equal(currentRequest(), undefined);
});

test('a scope ends when its work throws', () => {
  assert.throws(() =>
    runInScope({ request: requestNamed('x') }, () => {
      throw new Error('broken');
    }),
  );
  assert.equal(currentRequest(), undefined);
});

test('what is done at once has its scope, and what it begins has the outer one', async () => {
  const { telemetry } = startTestTelemetry('proxy');
  const [outer, inner] = [requestNamed('outer'), requestNamed('inner')];
  const span = telemetry.tracer.startSpan('inner');
  let later: Promise<RequestRecord | undefined> | undefined;
  await runInScope({ request: outer }, async () => {
    runAtOnce({ request: inner, span }, () => {
      assert.equal(currentRequest(), inner);
      assert.equal(currentSpan(), span);
      runInScope({ request: outer }, () => {
        assert.equal(currentRequest(), outer);
        assert.equal(currentSpan(), span);
      });
      assert.equal(currentRequest(), inner);
      later = delay(1).then(currentRequest);
    });
    assert.equal(currentRequest(), outer);
    assert.equal(currentSpan(), undefined);
    assert.equal(await later, outer);
  });
});

test('what is done at once ends its scope when it throws', () => {
  assert.throws(() =>
    runAtOnce({ request: requestNamed('x') }, () => {
      throw new Error('broken');
    }),
  );
  assert.equal(currentRequest(), undefined);
});

test('a hundred requests at a time are never mixed', async () => {
  const { telemetry, destination } = startTestTelemetry('proxy');
  const traces = new Map<string, string>();

  async function handle(requestId: string): Promise<void> {
    await telemetry.tracer.withSpan(requestId, { parent: null }, async (span) => {
      traces.set(requestId, span.traceId);
      for (let step = 0; step < 5; step++) {
        await [delay(Math.random() * 3), new Promise(setImmediate), Promise.resolve()][step % 3];
        assert.equal(currentRequest()?.requestId, requestId);
        assert.equal(currentSpan()?.traceId, span.traceId);
        await telemetry.tracer.withSpan('step', {}, async (child) => {
          await new Promise((resolve) => process.nextTick(resolve));
          assert.equal(child.traceId, span.traceId);
          assert.equal(currentSpan(), child);
          telemetry.logger.info('step', { reason: requestId });
        });
      }
    });
  }

  const ids = Array.from({ length: 100 }, (_, index) => `request-${index}`);
  await Promise.all(ids.map((id) => runInScope({ request: requestNamed(id) }, () => handle(id))));
  assert.equal(destination.lines.length, 500);
  for (const line of destination.lines) {
    assert.equal(line.request_id, line.reason);
    assert.equal(line.trace_id, traces.get(String(line.reason)));
  }
  await telemetry.stop();
});

test('a shared emitter does not carry one request into another', () => {
  const emitter = new EventEmitter();
  const seen: (string | undefined)[] = [];
  runInScope({ request: requestNamed('listener') }, () => {
    emitter.on('event', () => seen.push(currentRequest()?.requestId));
  });
  runInScope({ request: requestNamed('emitter') }, () => emitter.emit('event'));
  assert.deepEqual(seen, ['emitter']);
});
