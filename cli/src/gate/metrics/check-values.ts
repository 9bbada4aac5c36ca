import type { MetricDefinition } from '@ibex/contract';
import { ownLabels } from './check-labels.ts';
import type { MetricContext } from './context.ts';
import type { Exposition, Family } from './exposition.ts';
import type { Label, Sample } from './sample-line.ts';

/** Each series once, counters that can only have grown, histograms that add up. */
export function checkValues(exposition: Exposition, context: MetricContext): void {
  for (const [name, family] of exposition.families) {
    checkRepeats(name, family, context);
    if (family.type === 'counter') checkCounter(name, family, context);
    if (family.type === 'histogram') {
      checkHistogram(name, family, { context, definition: context.contract.metrics[name] });
    }
  }
}

function checkRepeats(name: string, family: Family, { findings }: MetricContext): void {
  const seen = new Map<string, number>();
  for (const sample of family.samples) {
    const key = `${sample.name}{${keyOf(sample.labels)}}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, sample.line);
    else {
      const message = `line ${sample.line} repeats the series of line ${first}.`;
      findings.add('duplicate-series', name, { value: key, message });
    }
  }
}

function keyOf(labels: readonly Label[]): string {
  return labels
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .toSorted()
    .join(',');
}

function checkCounter(name: string, family: Family, { findings, locate }: MetricContext): void {
  for (const { name: sampleName, value, line } of family.samples) {
    if (sampleName.endsWith('_created') || (value >= 0 && Number.isFinite(value))) continue;
    const message = `line ${line}: a counter is finite and 0 or more.`;
    findings.add('counter-value', name, { value, message, contract: locate(name) });
  }
}

interface Series {
  readonly line: number;
  readonly buckets: { readonly bound: number; readonly count: number }[];
  sum: number | undefined;
  count: number | undefined;
}

function checkHistogram(
  name: string,
  family: Family,
  { context, definition }: { context: MetricContext; definition: MetricDefinition | undefined },
): void {
  for (const [labels, series] of seriesOf(family)) {
    const problem = inconsistency(series);
    const value = labels === '' ? undefined : `{${labels}}`;
    const detail = value === undefined ? {} : { value };
    if (problem !== undefined) {
      const message = `line ${series.line}: ${problem}.`;
      context.findings.add('histogram-consistent', name, { ...detail, message });
    }
    if (definition?.buckets !== undefined)
      checkBounds(name, { series, declared: definition.buckets, context });
  }
}

function seriesOf(family: Family): Map<string, Series> {
  const all = new Map<string, Series>();
  for (const sample of family.samples) {
    const key = keyOf(ownLabels(sample, { type: 'histogram' }));
    const series = all.get(key) ?? { line: sample.line, buckets: [], sum: undefined, count: undefined };
    all.set(key, series);
    addSample(series, sample);
  }
  return all;
}

function addSample(series: Series, { name, labels, value }: Sample): void {
  if (name.endsWith('_sum')) series.sum = value;
  else if (name.endsWith('_count')) series.count = value;
  else if (name.endsWith('_bucket')) {
    const bound = labels.find(([label]) => label === 'le')?.[1] ?? '';
    series.buckets.push({
      bound: /^\+?Inf$/.test(bound) ? Number.POSITIVE_INFINITY : Number(bound),
      count: value,
    });
  }
}

function inconsistency({ buckets, sum, count }: Series): string | undefined {
  const last = buckets.at(-1);
  if (last?.bound !== Number.POSITIVE_INFINITY) return 'the last bucket must be +Inf';
  if (count === undefined) return '_count is missing';
  if (sum === undefined) return '_sum is missing';
  if (last.count !== count) return `+Inf must equal _count: ${last.count} is not ${count}`;
  for (const [index, bucket] of buckets.entries()) {
    const before = buckets[index - 1];
    if (before === undefined) continue;
    if (!(bucket.bound > before.bound)) return `bounds must ascend: ${bucket.bound} follows ${before.bound}`;
    if (!(bucket.count >= before.count)) {
      return `buckets must be cumulative: le="${bucket.bound}" has ${bucket.count}, the one before ${before.count}`;
    }
  }
  if (Number.isNaN(sum) || (count === 0 && sum !== 0)) return `_sum ${sum} does not fit _count ${count}`;
  return undefined;
}

function checkBounds(
  name: string,
  { series, declared, context }: { series: Series; declared: readonly number[]; context: MetricContext },
): void {
  const bounds = series.buckets.map(({ bound }) => bound).filter(Number.isFinite);
  if (bounds.length === declared.length && bounds.every((bound, index) => bound === declared[index])) return;
  const message = `its buckets must be ${declared.join(', ')}.`;
  const contract = context.locate(name, 'buckets');
  context.findings.add('buckets-match', name, { label: 'le', value: bounds.join(', '), message, contract });
}
