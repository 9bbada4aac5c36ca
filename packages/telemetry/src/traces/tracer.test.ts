import assert from 'node:assert/strict';
import { describe, mock, test } from 'node:test';
import { runInScope } from '../context/scope.ts';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import type { AttributeValue, FinishedSpan, Span } from './span.ts';

const hidden = '[REDACTED]';

/** The span that `record` has made something of, as exporters get it. */
async function finished(record: (span: Span) => void): Promise<FinishedSpan> {
  const { telemetry, exporter } = startTestTelemetry('proxy');
  const span = telemetry.tracer.startSpan('work');
  record(span);
  span.end();
  await telemetry.stop();
  assert.equal(exporter.spans.length, 1);
  return exporter.spans[0] as FinishedSpan;
}

describe('a span', () => {
  test('has ids of its own and the trace of its parent', async () => {
    const { telemetry, exporter } = startTestTelemetry('proxy');
    const root = telemetry.tracer.startSpan('root', { kind: 'server', attributes: { a: 1 } });
    const child = telemetry.tracer.startSpan('child', { parent: root });
    const active = runInScope({ span: child }, () => telemetry.tracer.startSpan('grandchild'));
    const other = runInScope({ span: child }, () => telemetry.tracer.startSpan('other', { parent: null }));
    for (const span of [active, child, root, other]) span.end();
    await telemetry.stop();
    assert.match(root.traceId, /^[0-9a-f]{32}$/);
    assert.match(root.spanId, /^[0-9a-f]{16}$/);
    const parents = Object.fromEntries(exporter.spans.map(({ name, parentSpanId }) => [name, parentSpanId]));
    assert.deepEqual(parents, { grandchild: child.spanId, child: root.spanId, root: '', other: '' });
    assert.equal(new Set(exporter.spans.map(({ traceId }) => traceId)).size, 2);
    assert.equal(exporter.spans.find(({ name }) => name === 'root')?.attributes.a, 1);
  });

  test('ends once, and nothing changes it afterwards', async () => {
    const span = await finished((own) => {
      own.setAttribute('before', 1).end();
      own.setAttribute('after', 1).addEvent('after').setStatus('error', 'after').updateName('after').end();
    });
    assert.deepEqual(span.attributes, { before: 1 });
    assert.deepEqual([span.name, span.status, span.events.length], ['work', 'unset', 0]);
    assert.ok(span.endUnixMs >= span.startUnixMs);
    assert.ok(Math.abs(span.startUnixMs - Date.now()) < 10_000);
  });

  test('keeps status ok, and otherwise the last one', async () => {
    const ok = await finished((span) => span.setStatus('error', 'x').setStatus('ok').setStatus('error', 'y'));
    assert.deepEqual([ok.status, ok.statusMessage], ['ok', '']);
    const error = await finished((span) => span.setStatus('error', 'first').setStatus('error', 'second'));
    assert.deepEqual([error.status, error.statusMessage], ['error', 'second']);
  });

  test('is bounded in attributes, events, links, names and texts, and counts what it left out', async () => {
    const context = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true, traceState: '' };
    const span = await finished((own) => {
      for (let index = 0; index < 200; index++) {
        own.setAttribute(`key-${index}`, index).addEvent(`event-${index}`).addLink({ context });
      }
      own.setAttribute('key-0', 'again').updateName('n'.repeat(1_000));
    });
    assert.deepEqual([Object.keys(span.attributes).length, span.droppedAttributes], [128, 72]);
    assert.deepEqual([span.events.length, span.droppedEvents], [128, 72]);
    assert.deepEqual([span.links.length, span.droppedLinks], [128, 72]);
    assert.equal(span.attributes['key-0'], 'again');
    assert.equal(span.name.length, 256);
    const long = await finished((own) => own.setAttribute('text', 'word '.repeat(10_000)));
    assert.ok(String(long.attributes.text).length < 17_000);
  });

  test('redacts attributes, events, links and its status', async () => {
    const context = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true, traceState: '' };
    const span = await finished((own) =>
      own
        .setAttributes({
          'http.request.header.authorization': 'canary',
          note: 'sk-canarycanary',
          skipped: undefined,
        })
        .addEvent('event', { password: 'canary', list: ['sk-canarycanary', 1] })
        .addLink({ context, attributes: { token: 'canary' } })
        .setStatus('error', 'at https://u:canary@host'),
    );
    assert.equal(JSON.stringify(span).includes('canary'), false);
    assert.equal(span.attributes['http.request.header.authorization'], hidden);
    assert.equal(span.attributes.note, hidden);
    assert.deepEqual(span.events[0]?.attributes, { password: hidden, list: [hidden, 1] });
    assert.equal(span.statusMessage, `at https://${hidden}@host`);
  });

  test('takes names that objects have of their own', async () => {
    const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf'];
    const span = await finished((own) => {
      for (const name of names) own.setAttribute(name, name);
    });
    assert.deepEqual(Object.keys(span.attributes), names);
  });

  test('survives values that no type allows', async () => {
    const hostile: unknown[] = [
      null,
      { a: 1 },
      [null, { b: 2 }],
      12n,
      Symbol('x'),
      () => 1,
      Object.create(null),
    ];
    const span = await finished((own) => {
      for (const [index, value] of hostile.entries()) own.setAttribute(`k${index}`, value as AttributeValue);
    });
    for (const value of Object.values(span.attributes).flat()) assert.equal(typeof value, 'string');
  });
});

describe('what is thrown inside a span', () => {
  const { proxy, revoke } = Proxy.revocable(new Error('x'), {});
  revoke();
  const odd = Object.assign(new Error('x'), { name: 5, message: { not: 'text' } });
  const cases: readonly (readonly [title: string, thrown: unknown, type: string, message: string])[] = [
    ['an error', new RangeError('too much'), 'RangeError', 'too much'],
    ['a text', 'no', 'string', 'no'],
    ['nothing', undefined, 'undefined', 'undefined'],
    ['null', null, 'object', 'null'],
    ['an object without a text', Object.create(null), 'object', '[unreadable]'],
    ['a revoked proxy', proxy, 'object', '[unreadable]'],
    ['an error whose name and message are no texts', odd, '5', '[object Object]'],
  ];
  for (const [title, thrown, type, message] of cases) {
    test(`${title}: recorded, and thrown on as it is`, async () => {
      const { telemetry, exporter } = startTestTelemetry('proxy');
      let caught: unknown = 'nothing';
      await telemetry.tracer
        .withSpan('work', {}, async () => {
          throw thrown;
        })
        .catch((error: unknown) => {
          caught = error;
        });
      await telemetry.stop();
      assert.ok(Object.is(caught, thrown));
      const [span] = exporter.spans;
      assert.deepEqual([span?.status, span?.statusMessage], ['error', message]);
      assert.equal(span?.attributes['error.type'], type);
      const [event] = span?.events ?? [];
      assert.equal(event?.name, 'exception');
      assert.equal(event?.attributes['exception.type'], type);
      assert.equal(event?.attributes['exception.message'], message);
    });
  }

  test('synchronously is recorded as well', async () => {
    const { telemetry, exporter } = startTestTelemetry('proxy');
    const run = () => {
      throw new Error('at once');
    };
    await assert.rejects(telemetry.tracer.withSpan('work', {}, run), /at once/);
    await telemetry.stop();
    assert.equal(exporter.spans[0]?.statusMessage, 'at once');
  });
});

describe('a trace that is not sampled', () => {
  test('carries its ids on, and is not exported', async () => {
    const { telemetry, exporter } = startTestTelemetry('proxy', { environment: { OTEL_SAMPLE_RATIO: '0' } });
    const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: false, traceState: 'v=1' };
    const span = telemetry.tracer.startSpan('work', { parent });
    const child = telemetry.tracer.startSpan('inner', { parent: span });
    child.setAttribute('a', 1).recordException(new Error('x')).setStatus('ok').end();
    span.end();
    assert.deepEqual([span.traceId, span.sampled, span.traceState], [parent.traceId, false, 'v=1']);
    assert.deepEqual([child.traceId, child.sampled], [parent.traceId, false]);
    await telemetry.stop();
    assert.equal(exporter.spans.length, 0);
  });
});

describe('clocks', () => {
  test('a step of the wall clock moves later spans, and no duration', async (context) => {
    context.after(() => mock.restoreAll());
    const realNow = Date.now.bind(Date);
    const realElapsed = performance.now.bind(performance);
    const { telemetry, exporter } = startTestTelemetry('proxy');
    const across = telemetry.tracer.startSpan('across');
    mock.method(Date, 'now', () => realNow() + 3_600_000 + 20_000);
    mock.method(performance, 'now', () => realElapsed() + 20_000);
    telemetry.tracer.startSpan('after').end();
    across.end();
    await telemetry.stop();
    const [after, spanning] = exporter.spans as [FinishedSpan, FinishedSpan];
    assert.ok(Math.abs(after.startUnixMs - (realNow() + 3_620_000)) < 2_000);
    const durationMs = spanning.endUnixMs - spanning.startUnixMs;
    assert.ok(durationMs >= 20_000 && durationMs < 25_000, String(durationMs));
  });
});
