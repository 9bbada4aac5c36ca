import type { Telemetry } from '@ibex/telemetry';
import type { CircuitReport } from '../routing/circuits.ts';

const states = ['closed', 'open', 'half_open'] as const;

/** Tells of circuits by a gauge and, when one changes, by a log line. */
export function reportCircuits({ metrics, logger }: Telemetry): CircuitReport {
  const gauge = metrics.gauge('ibex_proxy_provider_circuit_state');
  const known = new Set<string>();
  return {
    changed({ provider, model }, state) {
      for (const each of states) gauge.set({ provider, model, state: each }, each === state ? 1 : 0);
      const key = `${provider}\n${model}`;
      const fields = { provider, model, state };
      if (state === 'open') logger.warn('circuit opened: the provider is not asked for a while', fields);
      else if (known.has(key)) logger.info('circuit changed', fields);
      known.add(key);
    },
    gone({ provider, model }) {
      for (const state of states) gauge.remove({ provider, model, state });
    },
  };
}
