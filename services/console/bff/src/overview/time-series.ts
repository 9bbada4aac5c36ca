import type { components } from '@ibex/api/console';

export type TimeSeries = components['schemas']['TimeSeries'];
export type MetricSeries = components['schemas']['MetricRange']['series'][number];

/** A series while it is being calculated with: values by instant. */
export type Values = ReadonlyMap<number, number | null>;

/** Adds series up instant by instant; an instant is null when every series is null there. */
export function sum(series: readonly MetricSeries[]): Values {
  const values = new Map<number, number | null>();
  for (const { points } of series) {
    for (const [time, value = null] of points) {
      if (time === null || time === undefined) continue;
      const known = values.get(time) ?? null;
      values.set(time, known === null || value === null ? (known ?? value) : known + value);
    }
  }
  return values;
}

/** All values of all series added up. */
export function total(series: readonly MetricSeries[]): number {
  return series.flatMap(({ points }) => points).reduce((amount, [, value]) => amount + (value ?? 0), 0);
}

/** Share of `part` in `whole` at each instant of `whole`; null where nothing happened. */
export function share(part: Values, whole: Values): Values {
  return mapValues(whole, (value, time) => (value === 0 ? null : (part.get(time) ?? 0) / value));
}

/** Another value for every one that is not null. */
export function mapValues(
  values: Values,
  change: (value: number, timeUnixMs: number) => number | null,
): Values {
  return new Map([...values].map(([time, value]) => [time, value === null ? null : change(value, time)]));
}

/** In the shape of the API, in order of time. */
export function toTimeSeries(values: Values, stepSeconds: number): TimeSeries {
  return { stepSeconds, points: [...values].sort(([left], [right]) => left - right) };
}
