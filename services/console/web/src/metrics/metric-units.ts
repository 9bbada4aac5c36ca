import type { ValueUnit } from '../ui/format.ts';
import type { Metric } from './metric-queries.ts';
import type { MetricFunction } from './metric-search.ts';

/** How to write the values of a metric under a function: rates are per second, histograms' rates count observations. */
export function unitOf(metric: Pick<Metric, 'name' | 'unit' | 'type'>, fn: MetricFunction): ValueUnit {
  const base = baseUnit(metric);
  if (fn !== 'rate') return base;
  return base === 'bytes' && metric.type !== 'histogram' ? 'bytesPerSecond' : 'perSecond';
}

function baseUnit({ name, unit }: Pick<Metric, 'name' | 'unit'>): ValueUnit {
  if (unit === 'seconds' || unit === 's' || /_seconds(_total)?$/.test(name)) return 'seconds';
  if (unit === 'bytes' || unit === 'By' || /_bytes(_total)?$/.test(name)) return 'bytes';
  if (unit === 'ratio' || /_ratio$/.test(name)) return 'share';
  return 'count';
}

/** The functions that make sense for a type; the first is the one to start with. */
export function functionsOf(type: Metric['type']): readonly MetricFunction[] {
  if (type === 'histogram') return ['quantile', 'rate'];
  if (type === 'counter') return ['rate', 'value'];
  return ['value', 'rate'];
}
