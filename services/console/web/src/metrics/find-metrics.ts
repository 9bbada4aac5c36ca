import type { Metric } from './metric-queries.ts';

/** Metrics whose name, type or help hold every word, by name; our own families before the runtime's. */
export function findMetrics(metrics: readonly Metric[], text: string): Metric[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return metrics
    .filter(({ name, type, help }) => {
      const haystack = `${name} ${type} ${help}`.toLowerCase();
      return words.every((word) => haystack.includes(word));
    })
    .sort((a, b) => family(a.name) - family(b.name) || (a.name < b.name ? -1 : 1));
}

function family(name: string): number {
  if (/^(nodejs|process)_/.test(name)) return 1;
  return 0;
}
