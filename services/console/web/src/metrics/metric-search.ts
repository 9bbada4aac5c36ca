import {
  choiceParam,
  filterListParam,
  patternParam,
  type RawSearch,
  textParam,
} from '../ui/search-params.ts';

const metricFunctions = ['value', 'rate', 'quantile'] as const;

export type MetricFunction = (typeof metricFunctions)[number];

export const quantileChoices = ['0.5', '0.95', '0.99'] as const;

/** The state of the metric explorer, as the address holds it. */
export interface MetricSearch {
  /** The chosen metric; without one the board is shown. */
  metric?: string | undefined;
  fn?: MetricFunction | undefined;
  q?: (typeof quantileChoices)[number] | undefined;
  /** The label whose values become one line each. */
  by?: string | undefined;
  /** `key=value`, each of which must match. */
  label?: string[] | undefined;
  /** What the list of metrics is searched for. */
  find?: string | undefined;
}

/** Reads the state of the metric explorer from the address. */
export function parseMetricSearch(raw: RawSearch): MetricSearch {
  return {
    metric: patternParam(raw.metric, /^[a-zA-Z_:][a-zA-Z0-9_:]{0,199}$/),
    fn: choiceParam(raw.fn, metricFunctions),
    q: choiceParam(raw.q, quantileChoices),
    by: textParam(raw.by),
    label: filterListParam(raw.label),
    find: textParam(raw.find),
  };
}
