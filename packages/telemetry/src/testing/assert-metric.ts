import { AssertionError } from 'node:assert/strict';
import type { Telemetry } from '../telemetry.ts';

/** By how much a series is to have changed. */
export interface ExpectedMetric {
  /** Name of the sample: a counter or gauge, or `<histogram>_count`, `_sum`, `_bucket`. */
  readonly name: string;
  /** The labels it must have; series with further labels are added up. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly delta: number;
}

/**
 * Runs `act` and asserts by how much metrics changed meanwhile, read from the exposition as a scrape would.
 *
 * @example
 * ```ts
 * await assertMetric(
 *   telemetry,
 *   { name: 'http_requests_total', labels: { path: '/v1/orders', status: '201' }, delta: 1 },
 *   () => post('/v1/orders'),
 * );
 * ```
 * @returns what `act` returned.
 * @throws {AssertionError} naming the series, by how much it changed, and by how much it was to.
 */
export async function assertMetric<Result>(
  telemetry: Pick<Telemetry, 'metrics'>,
  expected: ExpectedMetric | readonly ExpectedMetric[],
  act: () => Result | Promise<Result>,
): Promise<Result> {
  const all: readonly ExpectedMetric[] = [expected].flat();
  const before = telemetry.metrics.exposition();
  const result = await act();
  const after = telemetry.metrics.exposition();
  for (const metric of all) {
    const delta = sumOf(after, metric) - sumOf(before, metric);
    if (Math.abs(delta - metric.delta) <= Number.EPSILON * Math.max(1, Math.abs(metric.delta))) continue;
    const message = `${seriesOf(metric)} changed by ${delta}, not by ${metric.delta}.`;
    throw new AssertionError({ message, actual: delta, expected: metric.delta, stackStartFn: assertMetric });
  }
  return result;
}

function seriesOf({ name, labels = {} }: ExpectedMetric): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}

const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;

/** The value of the series, 0 when there is none yet. */
function sumOf(exposition: string, { name, labels = {} }: ExpectedMetric): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  let sum = 0;
  for (const line of exposition.split('\n')) {
    const [, sample, present = '', value] = sampleLine.exec(line) ?? [];
    if (sample !== name) continue;
    const pairs = `,${present},`;
    if (wanted.every((pair) => pairs.includes(`,${pair},`))) sum += Number(value);
  }
  return sum;
}
