import type { MetricMetadata } from '../../model.ts';
import { familyOf, unitOf } from '../metric-family.ts';
import type { Registries } from '../registries.ts';
import type { MetricFamily } from '../types.ts';

/** Labels that Prometheus' text format adds to a family's own. */
const STRUCTURAL: ReadonlySet<string> = new Set(['le', 'quantile']);

interface Gathered {
  metadata: MetricMetadata | undefined;
  labels: Set<string>;
  services: Set<string>;
}

/** Every metric that has samples, by family; a series without metadata is a family of its own. */
export function listMetrics({ series, metadata }: Registries): MetricFamily[] {
  const families = new Map<string, Gathered>();
  for (const seriesName of series.names()) {
    const group = series.find(seriesName);
    if (group === undefined) continue;
    const family = familyOf(seriesName, (name) => metadata.find(name));
    const gathered = families.get(family.name) ?? emptyFamily(family.metadata);
    families.set(family.name, gathered);
    for (const label of group.labelNames) if (!STRUCTURAL.has(label)) gathered.labels.add(label);
    for (const service of group.services) gathered.services.add(service);
  }
  const ordered = [...families].sort(([one], [other]) => (one < other ? -1 : 1));
  return ordered.map(([name, gathered]) => familyFrom(name, gathered));
}

function emptyFamily(metadata: MetricMetadata | undefined): Gathered {
  return { metadata, labels: new Set(), services: new Set() };
}

function familyFrom(name: string, { metadata, labels, services }: Gathered): MetricFamily {
  return {
    name,
    type: metadata?.type ?? 'unknown',
    unit: unitOf(name, metadata),
    help: metadata?.help ?? '',
    labels: [...labels].sort(),
    services: [...services].sort(),
  };
}
