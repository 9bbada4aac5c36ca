import type { MetricMetadata } from '../model.ts';

/** The family a series belongs to, and what its values do. */
export interface FamilyOfSeries {
  name: string;
  metadata: MetricMetadata | undefined;
  /** Values only grow, until the process restarts. */
  isCumulative: boolean;
}

type Find = (name: string) => MetricMetadata | undefined;

/** Series names that a family's name grows into, and the types that grow so. */
const SUFFIXES: readonly (readonly [suffix: string, types: readonly MetricMetadata['type'][]])[] = [
  ['_bucket', ['histogram']],
  ['_count', ['histogram', 'summary']],
  ['_sum', ['histogram', 'summary']],
  ['_total', ['counter']],
];

/** Finds the family of a series by its name; a series without metadata is its own family. */
export function familyOf(seriesName: string, find: Find): FamilyOfSeries {
  const exact = find(seriesName);
  if (exact !== undefined)
    return { name: seriesName, metadata: exact, isCumulative: exact.type === 'counter' };
  for (const [suffix, types] of SUFFIXES) {
    if (!seriesName.endsWith(suffix)) continue;
    const metadata = find(seriesName.slice(0, -suffix.length));
    if (metadata !== undefined && types.includes(metadata.type)) {
      return { name: metadata.name, metadata, isCumulative: true };
    }
  }
  return { name: seriesName, metadata: undefined, isCumulative: false };
}

const UNITS: readonly string[] = [
  'seconds',
  'bytes',
  'ratio',
  'celsius',
  'volts',
  'amperes',
  'joules',
  'grams',
  'meters',
];

/** The unit a family states, or the one its name ends with; empty when there is none. */
export function unitOf(name: string, metadata: MetricMetadata | undefined): string {
  if (metadata !== undefined && metadata.unit !== '') return metadata.unit;
  const base = name.replace(/_(total|bucket|count|sum)$/, '');
  return UNITS.find((unit) => base.endsWith(`_${unit}`)) ?? '';
}
