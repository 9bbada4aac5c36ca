import type { MetricType } from '../../model.ts';
import { QueryRefusedError } from '../errors.ts';
import type { MetadataRegistry } from '../metadata-registry.ts';
import { familyOf, unitOf } from '../metric-family.ts';
import { labelsOf, type Series, type SeriesRegistry } from '../series-registry.ts';
import type { Equality, MetricFunction, MetricRangeQuery } from '../types.ts';

export interface SelectedSeries {
  id: number;
  labels: Record<string, string>;
}

export interface Selection {
  type: MetricType;
  unit: string;
  series: SelectedSeries[];
}

interface Known {
  series: SeriesRegistry;
  metadata: MetadataRegistry;
}

/**
 * The series a question is about.
 * @throws {QueryRefusedError} when the function does not suit the metric's type.
 */
export function selectSeries(query: MetricRangeQuery, known: Known): Selection {
  const family = familyOf(query.name, (name) => known.metadata.find(name));
  const metadata = family.metadata ?? known.metadata.find(query.name.replace(/_total$/, ''));
  const type = metadata?.type ?? 'unknown';
  checkFunction(query, type);
  const seriesName = seriesNameFor({ name: query.name, family: family.name, type }, { query, known });
  const candidates = known.series.find(seriesName)?.series ?? [];
  return { type, unit: unitOf(family.name, metadata), series: matching(candidates, query.labels) };
}

const SUITABLE: Record<MetricFunction, readonly MetricType[]> = {
  value: ['counter', 'gauge', 'histogram', 'summary', 'unknown'],
  rate: ['counter', 'histogram', 'summary', 'unknown'],
  increase: ['counter', 'histogram', 'summary', 'unknown'],
  quantile: ['histogram', 'unknown'],
};

function checkFunction(query: MetricRangeQuery, type: MetricType): void {
  if (SUITABLE[query.function].includes(type)) return;
  throw new QueryRefusedError(
    `'function' is '${query.function}', which needs a ${SUITABLE[query.function].join(' or ')}; ` +
      `'${query.name}' is a ${type}. Ask for 'value' instead`,
  );
}

/** A family's name stands for its count, or for its buckets when a quantile is wanted. */
function seriesNameFor(
  { name, family, type }: { name: string; family: string; type: MetricType },
  { query, known }: { query: MetricRangeQuery; known: Known },
): string {
  if (query.function === 'quantile')
    return `${type === 'unknown' ? name.replace(/_bucket$/, '') : family}_bucket`;
  if (known.series.find(name) !== undefined) return name;
  if (type === 'histogram' || type === 'summary') return `${name}_count`;
  return `${name}_total`;
}

/** Every key must match, by any of the values given for it. A label that a series lacks counts as empty. */
function matching(candidates: readonly Series[], equalities: readonly Equality[]): SelectedSeries[] {
  const allowed = Map.groupBy(equalities, ({ key }) => key);
  return candidates
    .map((series) => ({ id: series.id, labels: labelsOf(series) }))
    .filter(({ labels }) =>
      [...allowed].every(([key, values]) => values.some(({ value }) => (labels[key] ?? '') === value)),
    );
}
