import type { AttributeCollector } from '../attributes.ts';

/** opentelemetry.proto.metrics.v1.AggregationTemporality. */
export const DELTA = 1;
export const CUMULATIVE = 2;
/** DataPointFlags: "no recorded value", a gap that was noticed. */
export const NO_RECORDED_VALUE = 1;

/** What all points of one metric share, as it was on the wire. */
export interface MetricDraft {
  name: string;
  description: string;
  unit: string;
}

interface Point {
  attributes: AttributeCollector;
  timeUnixNano: bigint;
  flags: number;
}

export interface NumberPoint extends Point {
  value: number | undefined;
}

export interface HistogramPoint extends Point {
  count: number;
  sum: number | undefined;
  /** Upper bounds, ascending; one fewer than counts. */
  bounds: number[];
  bucketCounts: number[];
}

export interface ExponentialBuckets {
  offset: number;
  counts: number[];
}

export interface ExponentialPoint extends Point {
  count: number;
  sum: number | undefined;
  scale: number;
  zeroCount: number;
  zeroThreshold: number;
  positive: ExponentialBuckets;
  negative: ExponentialBuckets;
}

export interface SummaryPoint extends Point {
  count: number;
  sum: number;
  quantiles: { quantile: number; value: number }[];
}

export function newNumberPoint(attributes: AttributeCollector): NumberPoint {
  return { attributes, timeUnixNano: 0n, flags: 0, value: undefined };
}

export function newHistogramPoint(attributes: AttributeCollector): HistogramPoint {
  return { attributes, timeUnixNano: 0n, flags: 0, count: 0, sum: undefined, bounds: [], bucketCounts: [] };
}

export function newExponentialPoint(attributes: AttributeCollector): ExponentialPoint {
  return {
    attributes,
    timeUnixNano: 0n,
    flags: 0,
    count: 0,
    sum: undefined,
    scale: 0,
    zeroCount: 0,
    zeroThreshold: 0,
    positive: { offset: 0, counts: [] },
    negative: { offset: 0, counts: [] },
  };
}

export function newSummaryPoint(attributes: AttributeCollector): SummaryPoint {
  return { attributes, timeUnixNano: 0n, flags: 0, count: 0, sum: 0, quantiles: [] };
}
