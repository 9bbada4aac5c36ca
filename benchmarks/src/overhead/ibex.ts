import { ibexContract } from '@ibex/contract';
import { startTelemetry } from '@ibex/telemetry';
import { httpTelemetry, tracedDispatcher } from '@ibex/telemetry/http';
import { type Instrument, providerAttributes, sinkAddress } from './instrument.ts';

/** All telemetry as the proxy has it, the flight recorder with its default ring included. */
export function observeWithIbex({ sampleRatio }: { sampleRatio: number }): Instrument {
  const telemetry = startTelemetry({
    contract: ibexContract,
    service: 'proxy',
    environment: {
      OTEL_SAMPLE_RATIO: String(sampleRatio),
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${sinkAddress()}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    },
    configured: { model: ['gpt-4o-mini'], provider: ['openai'] },
  });
  const calls = telemetry.metrics.counter('provider_requests_total');
  const labels = { provider: 'openai', model: 'gpt-4o-mini', operation: 'generate', status: 'ok' } as const;
  return {
    install: async (app) => void (await app.register(httpTelemetry, { telemetry })),
    wrap: (dispatcher) =>
      tracedDispatcher(telemetry, dispatcher, { host: 'services', acceptsVerdicts: false }),
    generate: async (call) => {
      const options = { kind: 'client', attributes: providerAttributes } as const;
      const answer = await telemetry.tracer.withSpan('provider.generate', options, call);
      calls.increment(labels);
      return answer;
    },
    stop: () => telemetry.stop(),
  };
}
