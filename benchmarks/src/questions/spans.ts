import { ibexContract } from '@ibex/contract';
import { startTelemetry } from '@ibex/telemetry';
import { encodeSpans } from '@ibex/telemetry/export';
import type { FinishedSpan } from '@ibex/telemetry/traces';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { defineQuestions } from '../harness/question.ts';
import { quietTelemetry } from './support.ts';

const attributes = {
  'provider.name': 'openai',
  'provider.model': 'gpt-4o-mini',
  'provider.input_tokens': 23,
  'provider.output_tokens': 156,
  'gen_ai.operation.name': 'chat',
};

function ibexSpan(sampleRatio: number, flightRecorderBytes = 0) {
  const { tracer } = quietTelemetry(sampleRatio, flightRecorderBytes);
  return () => tracer.startSpan('provider.generate', { kind: 'client', attributes }).end();
}

function otelSpan(sampled: boolean) {
  const provider = new TracerProvider({
    sampler: sampled ? new AlwaysOnSampler() : new AlwaysOffSampler(),
  });
  const tracer = provider.getTracer('bench');
  return () => tracer.startSpan('provider.generate', { kind: 2, attributes }).end();
}

const batch = 512;

/** A batch of spans as the recorder finishes them. */
async function ibexBatch(): Promise<readonly FinishedSpan[]> {
  const spans: FinishedSpan[] = [];
  const telemetry = startTelemetry({
    contract: ibexContract,
    service: 'proxy',
    environment: { OTEL_SAMPLE_RATIO: '1' },
    exporter: {
      export: async (finished) => {
        spans.push(...finished);
        return { outcome: 'accepted' };
      },
      close: () => {},
    },
    destination: { write: () => {}, flush: () => {} },
  });
  for (let index = 0; index < batch; index++)
    telemetry.tracer.startSpan('provider.generate', { kind: 'client', attributes }).end();
  await telemetry.stop();
  return spans;
}

function otelBatch(): ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const tracer = provider.getTracer('bench');
  for (let index = 0; index < batch; index++)
    tracer.startSpan('provider.generate', { kind: 2, attributes }).end();
  return exporter.getFinishedSpans();
}

export const spanQuestions = defineQuestions({
  'span-recorded': {
    title: 'span with 5 attributes, recorded',
    targetNanoseconds: 800,
    ibex: () => ibexSpan(1),
    peers: { OpenTelemetry: () => otelSpan(true) },
  },
  'span-unsampled': {
    title: 'span with 5 attributes, not sampled',
    targetNanoseconds: 100,
    ibex: () => ibexSpan(0),
    peers: { OpenTelemetry: () => otelSpan(false) },
  },
  'span-flight-recorded': {
    title: 'span with 5 attributes, not sampled, held in the ring',
    targetNanoseconds: 1_600,
    ibex: () => ibexSpan(0, 16 * 1024 * 1024),
    peers: {
      // What keeping it at head costs, before it is encoded and sent.
      'OpenTelemetry, recorded': () => otelSpan(true),
      'Ibex, recorded': () => ibexSpan(1),
    },
  },
  'otlp-encoding': {
    title: 'OTLP encoding of a span (in a batch of 512)',
    targetNanoseconds: 800,
    ibex: async () => {
      const spans = await ibexBatch();
      return (index) => (index % batch === 0 ? encodeSpans(spans, { 'service.name': 'proxy' }) : undefined);
    },
    peers: {
      OpenTelemetry: () => {
        const spans = otelBatch();
        return (index) => (index % batch === 0 ? ProtobufTraceSerializer.serializeRequest(spans) : undefined);
      },
    },
  },
});
