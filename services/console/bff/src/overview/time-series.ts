import type { components } from '@ibex/api/console';

export type TimeSeries = components['schemas']['TimeSeries'];
export type MetricRange = components['schemas']['MetricRange'];
type MetricSeries = MetricRange['series'][number];

/** A series while it is being calculated with: values by instant. */
export type Values = ReadonlyMap<number, number | null>;

/** Adds series up instant by instant; an instant is null when every series is null there. */
export function sum(series: readonly MetricSeries[]): Values {
  return combine(series, (left, right) => left + right);
}

/** The greatest value at each instant. */
export function greatest(series: readonly MetricSeries[]): Values {
  return combine(series, Math.max);
}

function combine(series: readonly MetricSeries[], join: (left: number, right: number) => number): Values {
  const values = new Map<number, number | null>();
  for (const { points } of series) {
    for (const [time, value] of points) {
      if (time === null || time === undefined) continue;
      const known = values.get(time) ?? null;
      if (known === null) values.set(time, value ?? null);
      else if (value !== null && value !== undefined) values.set(time, join(known, value));
    }
  }
  return values;
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

/** What a rate per second amounts to over all its steps. */
export function amount(rates: Values, stepSeconds: number): number {
  let total = 0;
  for (const rate of rates.values()) total += (rate ?? 0) * stepSeconds;
  return total;
}

/** In the shape of the API, in order of time. */
export function toTimeSeries(values: Values, stepSeconds: number): TimeSeries {
  return { stepSeconds, points: [...values].sort(([left], [right]) => left - right) };
}
