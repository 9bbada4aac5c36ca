import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { pino } from 'pino';
import { Counter, Histogram } from 'prom-client';
import { type Instrument, providerAttributes, sinkAddress } from './instrument.ts';

const clientKind = 2;

function startTracing(sampleRatio: number): TracerProvider {
  const exporter = new OTLPTraceExporter({ url: `http://${sinkAddress()}` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'proxy', 'service.version': '0.0.0' }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  registerInstrumentations({
    tracerProvider: provider,
    instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation()],
  });
  return provider;
}

/** A counter, a histogram and a line for each request, as their manuals show it. */
function observeRequests(app: FastifyInstance): void {
  const logger = pino();
  const labelNames = ['method', 'path', 'status'] as const;
  const total = new Counter({
    name: 'http_requests_total',
    help: 'Total number of HTTP requests',
    labelNames,
  });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Request latency.',
    labelNames: ['method', 'path'],
  });
  const traceIds = new WeakMap<FastifyRequest, string>();
  app.addHook('onRequest', (request, _reply, done) => {
    traceIds.set(request, trace.getActiveSpan()?.spanContext().traceId ?? '');
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const labels = { method: request.method, path: request.routeOptions.url ?? 'unmatched' };
    total.inc({ ...labels, status: String(reply.statusCode) });
    duration.observe(labels, reply.elapsedTime / 1000);
    logger.info(
      {
        ...{ request_id: request.id, trace_id: traceIds.get(request), method: request.method },
        ...{ route: labels.path, status: reply.statusCode, duration_ms: reply.elapsedTime },
      },
      'request completed',
    );
    done();
  });
}

/** Today's common way: prom-client, pino, and the OpenTelemetry SDK with its instrumentations for http and undici. */
export function observeCommonly({ sampleRatio }: { sampleRatio: number }): Instrument {
  const provider = startTracing(sampleRatio);
  const tracer = trace.getTracer('forwarder');
  const calls = new Counter({
    name: 'provider_requests_total',
    help: 'Provider API calls.',
    labelNames: ['provider', 'model', 'operation', 'status'],
  });
  const labels = { provider: 'openai', model: 'gpt-4o-mini', operation: 'generate', status: 'ok' };
  const options = { kind: clientKind, attributes: providerAttributes };
  return {
    install: observeRequests,
    wrap: (dispatcher) => dispatcher,
    generate: (call) =>
      tracer.startActiveSpan('provider.generate', options, async (span) => {
        try {
          const answer = await call();
          calls.inc(labels);
          return answer;
        } finally {
          span.end();
        }
      }),
    stop: () => provider.shutdown(),
  };
}
