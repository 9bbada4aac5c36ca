import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { createContextKey, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { currentSpan } from '../context/scope.ts';
import { registerOpenTelemetry } from './register.ts';
import { registeredForEach } from './testing/registered.ts';

const registered = registeredForEach();

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

    const { renamed } = await registered.finished();
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
    const { endless } = await registered.finished();
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
    const { outer, inner, root, elsewhere } = await registered.finished();
    assert.equal(inner?.parentSpanId, outer?.spanId);
    assert.equal(inner?.traceId, outer?.traceId);
    assert.equal(root?.parentSpanId, '');
    assert.notEqual(root?.traceId, outer?.traceId);
    assert.equal(elsewhere?.parentSpanId, '');
  });

  test('and ours are children of one another, across awaits', async () => {
    const { tracer } = registered.started.telemetry;
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
    const spans = await registered.finished();
    assert.equal(spans.theirs?.parentSpanId, spans.ours?.spanId);
    assert.equal(spans['ours again']?.parentSpanId, spans.theirs?.spanId);
  });

  test('from a CommonJS library are the same, also from a tracer it took before the start', async () => {
    registered.unregister();
    const api = createRequire(import.meta.url)('@opentelemetry/api') as typeof import('@opentelemetry/api');
    assert.notEqual(api.trace, trace);
    const early = api.trace.getTracer('early');
    registered.unregister = registerOpenTelemetry(registered.started.telemetry);
    await registered.started.telemetry.tracer.withSpan('ours', {}, async () => {
      early.startSpan('early').end();
      api.trace.getTracer('late').startActiveSpan('late', (span) => {
        assert.equal(currentSpan()?.spanId, span.spanContext().spanId);
        span.end();
      });
    });
    const spans = await registered.finished();
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
    assert.deepEqual(Object.keys(await registered.finished()), []);
  });
});
