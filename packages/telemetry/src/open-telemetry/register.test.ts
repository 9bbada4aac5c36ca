import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, test } from 'node:test';
import {
  context,
  createContextKey,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { currentRequest, currentSpan, runInScope } from '../context/scope.ts';
import { startTestTelemetry, type TestTelemetry } from '../testing/start-test-telemetry.ts';
import type { FinishedSpan } from '../traces/span.ts';
import { registerOpenTelemetry } from './register.ts';

const request = { requestId: 'request-1', correlationId: 'request-1', method: 'GET', route: '/v1/models' };
let started: TestTelemetry;
let unregister: () => void;

beforeEach(() => {
  started = startTestTelemetry('proxy');
  unregister = registerOpenTelemetry(started.telemetry);
});

afterEach(async () => {
  unregister();
  await started.telemetry.stop();
});

/** Everything recorded so far, by name. */
async function finished(): Promise<Record<string, FinishedSpan>> {
  await started.telemetry.stop();
  return Object.fromEntries(started.exporter.spans.map((span) => [span.name, span]));
}

describe('spans of libraries', () => {
  test('keep what the API can say about a span', async () => {
    const linked = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
    const span = trace.getTracer('my-library', '1.2.3').startSpan('work', {
      kind: SpanKind.PRODUCER,
      attributes: { text: 'a', list: ['b', 1, true], nested: { deep: [1] }, nothing: null, call: () => {} },
      links: [{ context: linked, attributes: { why: 'retry' } }],
      startTime: [1_700_000_000, 250_000_000],
    });
    span.setAttribute('big', 12n).setAttributes({ password: 'hunter2', when: new Date(0) });
    span.addEvent('first', { step: 1 }, 1_700_000_000_300).addEvent('second', new Date(1_700_000_000_400));
    span
      .addLink({ context: { ...linked, spanId: 'c'.repeat(16) } })
      .addLinks([{ context: { ...linked, traceId: '0' } }]);
    span.recordException(new TypeError('no such thing'), [1_700_000_000, 500_000_000]);
    span.recordException({ code: 'E_STRANGE', message: 'not an error' });
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'it broke' }).updateName('renamed');
    assert.equal(span.isRecording(), true);
    span.end(1_700_000_001_000);
    span.setAttribute('late', true);
    assert.equal(span.isRecording(), false);

    const { renamed } = await finished();
    assert.ok(renamed);
    assert.equal(renamed.kind, 'producer');
    assert.equal(renamed.parentSpanId, '');
    assert.equal(renamed.startUnixMs, 1_700_000_000_250);
    assert.equal(renamed.endUnixMs, 1_700_000_001_000);
    assert.deepEqual([renamed.status, renamed.statusMessage], ['error', 'it broke']);
    assert.deepEqual(renamed.attributes, {
      'otel.scope.name': 'my-library',
      'otel.scope.version': '1.2.3',
      text: 'a',
      list: ['b', 1, true],
      nested: '{"deep":[1]}',
      big: 12,
      password: '[REDACTED]',
      when: '1970-01-01T00:00:00.000Z',
      error_code: 'unknown_error',
    });
    assert.deepEqual(
      renamed.links.map(({ context: { spanId }, attributes }) => [spanId, attributes]),
      [
        ['b'.repeat(16), { why: 'retry' }],
        ['c'.repeat(16), {}],
      ],
    );
    const events = renamed.events.map(({ name, timeUnixMs, attributes }) => [
      name,
      timeUnixMs,
      attributes['exception.type'] ?? attributes.step,
    ]);
    assert.deepEqual(events.slice(0, 3), [
      ['first', 1_700_000_000_300, 1],
      ['second', 1_700_000_000_400, undefined],
      ['exception', 1_700_000_000_500, 'TypeError'],
    ]);
    assert.equal(renamed.events[3]?.attributes['exception.type'], 'E_STRANGE');
  });

  test('are bounded in attributes, events and links, and say how many were dropped', async () => {
    const span = trace.getTracer('t').startSpan('endless');
    for (let index = 0; index < 1_000; index++) {
      span.setAttribute(`key-${index}`, index).addEvent(`event-${index}`);
      span.addLink({ context: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 0 } });
    }
    span.setAttribute('', 'no key').setAttribute('long', 'x'.repeat(1_000_000));
    span.end();
    const { endless } = await finished();
    assert.deepEqual([Object.keys(endless?.attributes ?? {}).length, endless?.droppedAttributes], [128, 874]);
    assert.deepEqual([endless?.events.length, endless?.droppedEvents], [128, 872]);
    assert.deepEqual([endless?.links.length, endless?.droppedLinks], [128, 872]);
  });

  test('take their parent from the context given, from the active one, or none', async () => {
    const tracer = trace.getTracer('t');
    tracer.startActiveSpan('outer', (outer) => {
      assert.equal(trace.getActiveSpan(), outer);
      tracer.startActiveSpan('inner', { attributes: { a: 1 } }, (inner) => inner.end());
      tracer.startActiveSpan('root', { root: true }, (root) => root.end());
      tracer.startActiveSpan('elsewhere', {}, ROOT_CONTEXT, (span) => {
        assert.equal(trace.getActiveSpan(), span);
        span.end();
      });
      outer.end();
    });
    const { outer, inner, root, elsewhere } = await finished();
    assert.equal(inner?.parentSpanId, outer?.spanId);
    assert.equal(inner?.traceId, outer?.traceId);
    assert.equal(root?.parentSpanId, '');
    assert.notEqual(root?.traceId, outer?.traceId);
    assert.equal(elsewhere?.parentSpanId, '');
  });

  test('and ours are children of one another, across awaits', async () => {
    const { tracer } = started.telemetry;
    await tracer.withSpan('ours', {}, async (ours) => {
      assert.equal(trace.getActiveSpan()?.spanContext().spanId, ours.spanId);
      await trace.getTracer('t').startActiveSpan('theirs', async (theirs) => {
        await new Promise((resolve) => setImmediate(resolve));
        assert.equal(currentSpan()?.spanId, theirs.spanContext().spanId);
        await tracer.withSpan('ours again', {}, async () => {});
        theirs.end();
      });
      assert.equal(currentSpan(), ours);
    });
    const spans = await finished();
    assert.equal(spans.theirs?.parentSpanId, spans.ours?.spanId);
    assert.equal(spans['ours again']?.parentSpanId, spans.theirs?.spanId);
  });

  test('from a CommonJS library are the same, also from a tracer it took before the start', async () => {
    unregister();
    const api = createRequire(import.meta.url)('@opentelemetry/api') as typeof import('@opentelemetry/api');
    assert.notEqual(api.trace, trace);
    const early = api.trace.getTracer('early');
    unregister = registerOpenTelemetry(started.telemetry);
    await started.telemetry.tracer.withSpan('ours', {}, async () => {
      early.startSpan('early').end();
      api.trace.getTracer('late').startActiveSpan('late', (span) => {
        assert.equal(currentSpan()?.spanId, span.spanContext().spanId);
        span.end();
      });
    });
    const spans = await finished();
    assert.equal(spans.late?.parentSpanId, spans.ours?.spanId);
    assert.equal(spans.early?.parentSpanId, spans.ours?.spanId);
  });

  test('are not made when a library suppresses tracing', async () => {
    const suppressed = ROOT_CONTEXT.setValue(
      createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING'),
      true,
    );
    const span = trace.getTracer('t').startSpan('exporting', {}, suppressed);
    assert.equal(span.isRecording(), false);
    span.end();
    assert.deepEqual(Object.keys(await finished()), []);
  });
});

describe('contexts of the API', () => {
  const key = createContextKey('mine');

  test('keep values inside our scopes, and our request inside theirs', () => {
    runInScope({ request }, () => {
      context.with(context.active().setValue(key, 'kept'), () => {
        assert.equal(currentRequest(), request);
        const span = started.telemetry.tracer.startSpan('ours');
        runInScope({ span }, () => {
          assert.equal(context.active().getValue(key), 'kept');
          assert.equal(trace.getActiveSpan()?.spanContext().spanId, span.spanId);
        });
        context.with(ROOT_CONTEXT, () => {
          assert.equal(context.active().getValue(key), undefined);
          assert.equal(currentRequest(), undefined);
        });
      });
      assert.equal(context.active().getValue(key), undefined);
    });
  });

  test('pass this, arguments and what is returned or thrown', () => {
    const sum = function (this: { base: number }, one: number, two: number) {
      return this.base + one + two;
    };
    assert.equal(context.with(ROOT_CONTEXT, sum, { base: 1 }, 2, 3), 6);
    assert.throws(() => context.with(ROOT_CONTEXT, () => assert.fail('thrown on')), /thrown on/);
  });

  test('are bound to functions and to the listeners of emitters', () => {
    const bound = ROOT_CONTEXT.setValue(key, 'bound');
    const read = () => context.active().getValue(key);
    assert.equal(context.bind(bound, read)(), 'bound');
    assert.equal(context.bind(bound, 'neither'), 'neither');

    const emitter = context.bind(bound, new EventEmitter());
    const seen: unknown[] = [];
    const listener = () => seen.push(read());
    emitter.on('a', listener).once('a', listener).prependListener('b', listener);
    emitter.emit('a');
    emitter.emit('a');
    assert.deepEqual(seen, ['bound', 'bound', 'bound']);
    emitter.off('a', listener).off('b', listener).once('c', listener).off('c', listener);
    assert.deepEqual(emitter.eventNames(), []);
  });

  test('can be attached and taken off again', () => {
    runInScope({ request }, () => {
      const token = context.attach(context.active().setValue(key, 'attached'));
      assert.equal(context.active().getValue(key), 'attached');
      assert.equal(currentRequest(), request);
      token.dispose();
      assert.equal(context.active().getValue(key), undefined);
    });
  });
});

describe('propagation through the API', () => {
  test('injects the active span and extracts a remote parent', async () => {
    const carrier: Record<string, string> = {};
    const { tracer } = started.telemetry;
    await tracer.withSpan('ours', {}, async () => propagation.inject(context.active(), carrier));
    carrier.tracestate = 'vendor=1';
    const extracted = propagation.extract(ROOT_CONTEXT, carrier);
    assert.equal(trace.getSpanContext(extracted)?.isRemote, true);
    context.with(extracted, () => {
      assert.equal(currentSpan()?.traceState, 'vendor=1');
      tracer.startSpan('far child').end();
      trace.getTracer('t').startSpan('far child of a library').end();
    });
    const spans = await finished();
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
    assert.ok((await finished())['still here']);
    await second.telemetry.stop();
  });

  test('leaves a foreign provider alone, and takes nothing of the rest', async () => {
    unregister();
    assert.ok(propagation.setGlobalPropagator({ inject() {}, extract: (outer) => outer, fields: () => [] }));
    const release = registerOpenTelemetry(started.telemetry);
    propagation.disable();
    release();
    assert.match(String(started.destination.lines.at(-1)?.reason), /has registered its propagator/);
    assert.equal(trace.getTracer('t').startSpan('nowhere').isRecording(), false);
    assert.equal(context.active(), ROOT_CONTEXT);
  });

  test('ends: a tracer that a library kept goes quiet, and speaks again after the next start', async () => {
    const kept = trace.getTracer('t');
    unregister();
    const silent = kept.startSpan('silent');
    assert.equal(silent.isRecording(), false);
    silent.end();
    unregister = registerOpenTelemetry(started.telemetry);
    kept.startSpan('heard').end();
    assert.deepEqual(Object.keys(await finished()), ['heard']);
  });
});
