import { type ContractDefinition, worstCaseSeries } from '@ibex/contract';
import type { LoadedContract } from './load.ts';

/** Version of the shape of the JSON; it grows when a reader would have to change. */
const format = 1;

/**
 * The contract for programs in other languages: what was declared, the probes, and under `derived` what follows from
 * it. Keys are sorted and lists as declared, so that equal contracts give equal text.
 */
export function renderContractJson({
  contract,
  probes,
}: Pick<LoadedContract, 'contract' | 'probes'>): string {
  const whole = { format, ...contract, probes, derived: { worstCaseSeries: deriveSeries(contract) } };
  return `${JSON.stringify(sorted(whole), undefined, 2)}\n`;
}

/** The most series of each metric in one process of each service that moves it. */
function deriveSeries({ metrics }: ContractDefinition): Record<string, Record<string, number>> {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, metric]) => [
      name,
      Object.fromEntries(metric.services.map((service) => [service, worstCaseSeries(metric, service)])),
    ]),
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
