import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  BatchSpanProcessor,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace';
import { runInScope } from '../context/scope.ts';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import type { StartedSpan } from './started-span.ts';
import type { UserSpanExporter } from './user-exporters.ts';

/** The SDK's exporter, whose spans survive its own shutdown. */
class KeepingExporter extends InMemorySpanExporter {
  readonly kept: ReadableSpan[] = [];

  override export(...[spans, done]: Parameters<InMemorySpanExporter['export']>): void {
    this.kept.push(...spans);
    super.export(spans, done);
  }
}

describe('exporters and processors a user brings', () => {
  test('get every finished span in the form of the OpenTelemetry SDK', async () => {
    const [simple, batch, direct] = [new KeepingExporter(), new KeepingExporter(), new KeepingExporter()];
    const { telemetry, exporter } = startTestTelemetry('proxy', {
      spanProcessors: [
        new SimpleSpanProcessor({ exporter: simple }),
        new BatchSpanProcessor({ exporter: batch }),
      ],
      spanExporters: [direct],
    });
    await telemetry.tracer.withSpan('outer', { kind: 'server', attributes: { a: 1 } }, async (span) => {
      span.addEvent('seen', { b: true });
      await assert.rejects(telemetry.tracer.withSpan('inner', {}, () => Promise.reject(new Error('broken'))));
    });
    await telemetry.stop();
    const own = new Map(exporter.spans.map((span) => [span.name, span]));
    for (const { kept } of [simple, batch, direct]) {
      const [inner, outer] = kept;
      assert.deepEqual(
        kept.map(({ name }) => name),
        ['inner', 'outer'],
      );
      assert.ok(inner && outer);
      assert.equal(outer.kind, SpanKind.SERVER);
      assert.deepEqual(outer.attributes, { a: 1 });
      assert.deepEqual(
        outer.events.map(({ name, attributes }) => [name, attributes]),
        [['seen', { b: true }]],
      );
      assert.equal(outer.spanContext().spanId, own.get('outer')?.spanId);
      assert.equal(outer.parentSpanContext, undefined);
      assert.equal(inner.parentSpanContext?.spanId, own.get('outer')?.spanId);
      assert.deepEqual(inner.status, { code: SpanStatusCode.ERROR, message: 'broken' });
      assert.equal(inner.resource.attributes['service.name'], 'proxy');
      assert.equal(inner.instrumentationScope.name, '@ibex/telemetry');
      const [seconds, nanoseconds] = outer.startTime;
      assert.ok(Math.abs(seconds * 1_000 + nanoseconds / 1e6 - (own.get('outer')?.startUnixMs ?? 0)) < 0.01);
    }
  });

  test('that fail, throw or hang lose only their own spans, counted, and the stop stays within its bound', async () => {
    const failing: UserSpanExporter = {
      export: (_spans, done) => done({ code: 1, error: new Error('no space') }),
      shutdown: () => Promise.reject(new Error('cannot stop')),
    };
    const hanging: UserSpanExporter = { export: () => {}, shutdown: () => new Promise(() => {}) };
    const throwing = {
      onEnd: () => {
        throw new Error('cannot take it');
      },
      forceFlush: () => new Promise<void>(() => {}),
      shutdown: async () => {},
    };
    const good = new KeepingExporter();
    const { telemetry, destination } = startTestTelemetry('proxy', {
      spanExporters: [failing, hanging, good],
      spanProcessors: [throwing],
    });
    telemetry.tracer.startSpan('work').end();
    await telemetry.stop({ timeoutMs: 300 });
    assert.deepEqual(
      good.kept.map(({ name }) => name),
      ['work'],
    );
    const text = telemetry.metrics.exposition();
    assert.match(text, /ibex_telemetry_dropped_total\{signal="traces",reason="refused"\} 2/);
    assert.match(text, /ibex_telemetry_dropped_total\{signal="traces",reason="stopping"\} 1/);
    assert.ok(destination.lines.some(({ msg }) => msg === 'spans dropped'));
  });

  test('alone are reason enough to record, also without an endpoint', async () => {
    const exporter = new KeepingExporter();
    const { startTelemetry } = await import('../start.ts');
    const { ibexContract } = await import('@ibex/contract');
    const telemetry = startTelemetry({
      contract: ibexContract,
      service: 'proxy',
      environment: { OTEL_SAMPLE_RATIO: '1' },
      destination: { write: () => {}, flush: () => {} },
      spanExporters: [exporter],
      openTelemetry: false,
    });
    telemetry.tracer.startSpan('work').end();
    await telemetry.stop();
    assert.equal(exporter.kept.length, 1);
  });

  test('hear of every recorded span when it starts, with its parent, and may write to it', async () => {
    const heard: [string, unknown, string | undefined, unknown][] = [];
    const exporter = new KeepingExporter();
    const processor = {
      onStart: (span: StartedSpan, parentContext: Context) => {
        const parent = trace.getSpanContext(parentContext)?.spanId;
        const region = propagation.getBaggage(parentContext)?.getEntry('region')?.value;
        heard.push([span.name, span.attributes.kind, parent, region]);
        if (region !== undefined) span.setAttribute('region', region);
      },
      onEnd: () => {},
      forceFlush: async () => {},
      shutdown: async () => {},
    };
    const { telemetry } = startTestTelemetry('proxy', {
      openTelemetry: true,
      spanProcessors: [processor],
      spanExporters: [exporter],
    });
    const outer = telemetry.tracer.startSpan('ours', { attributes: { kind: 'own' } });
    const context = propagation.setBaggage(
      trace.setSpanContext(ROOT_CONTEXT, { traceId: outer.traceId, spanId: outer.spanId, traceFlags: 1 }),
      propagation.createBaggage({ region: { value: 'eu' } }),
    );
    trace
      .getTracer('library')
      .startSpan('theirs', { attributes: { kind: 'foreign' } }, context)
      .end();
    await runInScope({ span: outer }, async () => telemetry.tracer.startSpan('inner').end());
    outer.end();
    await telemetry.stop();
    assert.deepEqual(heard, [
      ['ours', 'own', undefined, undefined],
      ['theirs', 'foreign', outer.spanId, 'eu'],
      ['inner', undefined, outer.spanId, undefined],
    ]);
    assert.equal(exporter.kept.find(({ name }) => name === 'theirs')?.attributes.region, 'eu');
  });

  test('whose onStart throws are told of once and harm nobody', async () => {
    const throwing = {
      onStart: () => {
        throw new Error('cannot begin');
      },
      onEnd: () => {},
      forceFlush: async () => {},
      shutdown: async () => {},
    };
    const { telemetry, exporter, destination } = startTestTelemetry('proxy', { spanProcessors: [throwing] });
    for (const name of ['one', 'two']) telemetry.tracer.startSpan(name).end();
    await telemetry.stop();
    assert.equal(exporter.spans.length, 2);
    const lines = destination.lines.filter(({ msg }) => msg === 'a span processor failed');
    assert.deepEqual(
      lines.map(({ reason }) => reason),
      ['cannot begin'],
    );
  });
});
