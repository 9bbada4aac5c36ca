import { ibexContract } from '@ibex/contract';
import { startTelemetry, type Telemetry } from '@ibex/telemetry';

/** Telemetry as a service has it, with spans and lines going nowhere. The flight recorder is off unless it is asked for. */
export function quietTelemetry(sampleRatio = 1, flightRecorderBytes = 0): Telemetry {
  return startTelemetry({
    contract: ibexContract,
    service: 'proxy',
    environment: {
      OTEL_SAMPLE_RATIO: String(sampleRatio),
      IBEX_FLIGHT_RECORDER_BYTES: String(flightRecorderBytes),
    },
    configured: { model: ['gpt-4o-mini'], provider: ['openai'] },
    exporter: { export: async () => ({ outcome: 'accepted' }), close: () => {} },
    destination: { write: () => {}, flush: () => {} },
  });
}

export const routes = ['/v1/chat/completions', '/v1/models', '/v1/models/:model'] as const;
export const statuses = ['200', '404', '429', '500'] as const;
export const durations = [0.0004, 0.003, 0.012, 0.04, 0.3, 1.7] as const;

/** One of the items, by a running index. */
export function pick<Item>(items: readonly Item[], index: number): Item {
  return items[index % items.length] as Item;
}
