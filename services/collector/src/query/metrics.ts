import type { components } from '@ibex/api/collector';
import type { MetricRangeQuery, MetricRangeSeries, Store } from '../store/types.ts';
import { Parameters } from './parameters.ts';
import { invalidParameter, shown } from './problems.ts';
import { RANGE_PARAMETERS, readStepSeconds, readTimeRange } from './time-range.ts';

type Schemas = components['schemas'];

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]{0,199}$/;
const FUNCTIONS = ['value', 'rate', 'increase', 'quantile'] as const;
const PARAMETERS = ['function', 'quantile', 'label', 'by', ...RANGE_PARAMETERS, 'stepSeconds'];
const DEFAULT_QUANTILE = 0.95;

/** `GET /api/v1/metrics` */
export async function listMetrics(query: unknown, store: Store): Promise<Schemas['MetricList']> {
  new Parameters(query, []);
  return { metrics: await store.listMetrics() };
}

/** `GET /api/v1/metrics/{name}/range` */
export async function metricRange(
  name: string,
  { query, store }: { query: unknown; store: Store },
): Promise<Schemas['MetricRange']> {
  const asked = readQuery(name, new Parameters(query, PARAMETERS));
  const { series, ...about } = await store.metricRange(asked);
  return {
    name,
    function: asked.function,
    stepSeconds: asked.stepSeconds,
    ...about,
    series: series.map((one) => presentSeries(one, asked)),
  };
}

function readQuery(name: string, parameters: Parameters): MetricRangeQuery {
  if (!NAME.test(name)) {
    throw invalidParameter(
      `'name' must be a metric name of letters, digits, '_' and ':', at most 200 characters: it is ${shown(name)}. See /api/v1/metrics`,
    );
  }
  const range = readTimeRange(parameters);
  return {
    name,
    function: parameters.choice('function', FUNCTIONS) ?? 'value',
    quantile: readQuantile(parameters),
    labels: parameters.equalities('label', { maxItems: 32, maxLength: 500 }),
    by: [...new Set(parameters.list('by', { maxItems: 5, maxLength: 200 }))],
    ...range,
    stepSeconds: readStepSeconds(parameters, range),
  };
}

function readQuantile(parameters: Parameters): number {
  const quantile = parameters.number('quantile', { minimum: 0, maximum: 1 }) ?? DEFAULT_QUANTILE;
  if (quantile > 0 && quantile < 1) return quantile;
  throw invalidParameter(`'quantile' must lie between 0 and 1: it is ${quantile}. Ask for 0.5, 0.95 or 0.99`);
}

function presentSeries(
  { labels, values }: MetricRangeSeries,
  { startUnixMs, stepSeconds }: MetricRangeQuery,
): Schemas['MetricRange']['series'][number] {
  return { labels, points: values.map((value, index) => [startUnixMs + index * stepSeconds * 1000, value]) };
}
