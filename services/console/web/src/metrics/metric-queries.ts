import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client, type Schemas, unwrap } from '../api/client.ts';
import { stepSecondsOf, type TimeWindow } from '../time/time-range.ts';
import type { MetricFunction } from './metric-search.ts';

export type Metric = Schemas['MetricList']['metrics'][number];
export type MetricRange = Schemas['MetricRange'];

/** What to ask of one metric. */
export interface MetricQuestion {
  name: string;
  fn: MetricFunction;
  quantile?: number | undefined;
  by?: readonly string[] | undefined;
  label?: readonly string[] | undefined;
}

/** Every metric in the store. */
export const metricListQuery = queryOptions({
  queryKey: ['metrics'],
  queryFn: ({ signal }) => unwrap(client.GET('/api/telemetry/metrics', { signal })),
  staleTime: 30_000,
});

/** Series of one metric over a window. */
export function metricRangeQuery(question: MetricQuestion, window: TimeWindow) {
  const { name, fn, quantile, by, label } = question;
  const stepSeconds = stepSecondsOf(window);
  const query = {
    function: fn,
    start: Math.floor(window.startMs),
    end: Math.ceil(window.endMs),
    stepSeconds,
    ...(fn === 'quantile' ? { quantile: quantile ?? 0.95 } : {}),
    ...(by === undefined ? {} : { by: [...by] }),
    ...(label === undefined ? {} : { label: [...label] }),
  };
  return queryOptions({
    queryKey: ['metric', name, query],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/telemetry/metrics/{name}/range', { params: { path: { name }, query }, signal }),
      ),
    placeholderData: keepPreviousData,
  });
}
