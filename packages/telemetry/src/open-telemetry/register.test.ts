import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { currentSpan } from '../context/scope.ts';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import { registerOpenTelemetry } from './register.ts';
import { registeredForEach } from './testing/registered.ts';

const registered = registeredForEach();

describe('propagation through the API', () => {
  test('injects the active span and extracts a remote parent', async () => {
    const carrier: Record<string, string> = {};
    const { tracer } = registered.started.telemetry;
    await tracer.withSpan('ours', {}, async () => propagation.inject(context.active(), carrier));
    carrier.tracestate = 'vendor=1';
    const extracted = propagation.extract(ROOT_CONTEXT, carrier);
    assert.equal(trace.getSpanContext(extracted)?.isRemote, true);
    context.with(extracted, () => {
      assert.equal(currentSpan()?.traceState, 'vendor=1');
      tracer.startSpan('far child').end();
      trace.getTracer('t').startSpan('far child of a library').end();
    });
    const spans = await registered.finished();
    assert.match(
      carrier.traceparent ?? '',
      new RegExp(`^00-${spans.ours?.traceId}-${spans.ours?.spanId}-03$`),
    );
    for (const name of ['far child', 'far child of a library']) {
      assert.equal(spans[name]?.parentSpanId, spans.ours?.spanId);
      assert.equal(spans[name]?.traceState, 'vendor=1');
    }
  });

  test('ignores what is malformed or repeated', () => {
    const valid = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    for (const traceparent of [
      '',
      'garbage',
      valid.toUpperCase(),
      `${valid},${valid}`,
      [valid, valid],
      `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`,
    ]) {
      assert.equal(propagation.extract(ROOT_CONTEXT, { traceparent }), ROOT_CONTEXT);
    }
  });
});

describe('registration', () => {
  test('happens once: a second telemetry is told, and changes nothing', async () => {
    const second = startTestTelemetry('auth');
    const release = registerOpenTelemetry(second.telemetry);
    release();
    const [line] = second.destination.lines;
    assert.equal(line?.level, 'WARN');
    assert.match(String(line?.reason), /telemetry of "proxy" already records them.*openTelemetry: false/);
    trace.getTracer('t').startSpan('still here').end();
    assert.ok((await registered.finished())['still here']);
    await second.telemetry.stop();
  });

  test('leaves a foreign provider alone, and takes nothing of the rest', async () => {
    registered.unregister();
    assert.ok(propagation.setGlobalPropagator({ inject() {}, extract: (outer) => outer, fields: () => [] }));
    const release = registerOpenTelemetry(registered.started.telemetry);
    propagation.disable();
    release();
    assert.match(
      String(registered.started.destination.lines.at(-1)?.reason),
      /has registered its propagator/,
    );
    assert.equal(trace.getTracer('t').startSpan('nowhere').isRecording(), false);
    assert.equal(context.active(), ROOT_CONTEXT);
  });

  test('ends: a tracer that a library kept goes quiet, and speaks again after the next start', async () => {
    const kept = trace.getTracer('t');
    registered.unregister();
    const silent = kept.startSpan('silent');
    assert.equal(silent.isRecording(), false);
    silent.end();
    registered.unregister = registerOpenTelemetry(registered.started.telemetry);
    kept.startSpan('heard').end();
    assert.deepEqual(Object.keys(await registered.finished()), ['heard']);
  });
});
