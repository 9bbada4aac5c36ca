import { OTLP_LIMITS } from '../limits.ts';
import type {
  ExponentialBuckets,
  ExponentialPoint,
  HistogramPoint,
  NumberPoint,
  SummaryPoint,
} from './points.ts';

/** Observations of a histogram: how many fell at or below each upper bound and above the one before. */
export interface BucketCounts {
  /** By upper bound; observations above the last bound are in `count` only. */
  byBound: Map<number, number>;
  count: number;
  sum: number | undefined;
}

/**
 * A number as a histogram without buckets.
 * @throws {RangeError} when the point has no value.
 */
export function singleValue({ value }: NumberPoint): BucketCounts {
  if (value === undefined) throw new RangeError('it has no value');
  return { byBound: new Map(), count: 0, sum: value };
}

/**
 * The buckets of an explicit histogram.
 * @throws {RangeError} when bounds and counts contradict each other.
 */
export function explicitBuckets({ bounds, bucketCounts, count, sum }: HistogramPoint): BucketCounts {
  const byBound = new Map<number, number>();
  requireFewBuckets(bucketCounts.length);
  if (bucketCounts.length !== 0 && bucketCounts.length !== bounds.length + 1) {
    throw new RangeError(
      `${bounds.length} bounds need ${bounds.length + 1} bucket counts, there are ${bucketCounts.length}`,
    );
  }
  let last = Number.NEGATIVE_INFINITY;
  for (const [index, bound] of bounds.entries()) {
    if (!(bound > last)) throw new RangeError(`bounds must ascend, ${bound} follows ${last}`);
    last = bound;
    if (bucketCounts.length > 0 && bound !== Number.POSITIVE_INFINITY)
      byBound.set(bound, bucketCounts[index] ?? 0);
  }
  return { byBound, count, sum };
}

/**
 * A summary without its quantiles, which cannot be added up.
 * @throws {RangeError} when the point has too many quantiles.
 */
export function summaryTotals({ quantiles, count, sum }: SummaryPoint): BucketCounts {
  requireFewBuckets(quantiles.length);
  return { byBound: new Map(), count, sum };
}

function requireFewBuckets(length: number): void {
  if (length <= OTLP_LIMITS.bucketsPerPoint) return;
  throw new RangeError(`a point may have ${OTLP_LIMITS.bucketsPerPoint} buckets or quantiles, it has more`);
}

/** Buckets of exponential histograms are merged until a bound is at least twice the one below it. */
const COARSEST_NEEDED_SCALE = 0;
/** Bounds of single observations beyond these do not occur in practice; they fold into the outermost bucket. */
const SMALLEST_EXPONENT = -40;
const LARGEST_EXPONENT = 50;
/** OpenTelemetry's SDKs use scales within these. */
const SMALLEST_SCALE = -10;
const LARGEST_SCALE = 20;

/**
 * The buckets of an exponential histogram, with powers of two as bounds. Merging neighbours is exact, so the counts are
 * true; what is lost is resolution. Bounds stay the same when the sender changes its scale, so series stay comparable.
 * @throws {RangeError} when the scale or the number of buckets is out of bounds.
 */
export function exponentialBuckets(point: ExponentialPoint): BucketCounts {
  const { positive, negative, scale } = point;
  requireFewBuckets(positive.counts.length + negative.counts.length);
  if (scale < SMALLEST_SCALE || scale > LARGEST_SCALE) {
    throw new RangeError(`the scale must be between ${SMALLEST_SCALE} and ${LARGEST_SCALE}, it is ${scale}`);
  }
  const byBound = new Map<number, number>();
  eachMerged(negative, scale, (lowerExponent, count) => add(byBound, -(2 ** lowerExponent), count));
  if (point.zeroCount > 0) add(byBound, point.zeroThreshold, point.zeroCount);
  eachMerged(positive, scale, (_lower, count, upperExponent) => add(byBound, 2 ** upperExponent, count));
  return { byBound, count: point.count, sum: point.sum };
}

/** Bucket `i` of scale `s` holds (2^(i·2^-s), 2^((i+1)·2^-s)]. */
function eachMerged(
  { offset, counts }: ExponentialBuckets,
  scale: number,
  visit: (lowerExponent: number, count: number, upperExponent: number) => void,
): void {
  for (const [position, count] of counts.entries()) {
    if (count === 0) continue;
    const index = offset + position;
    const merged = scale > COARSEST_NEEDED_SCALE ? Math.floor(index / 2 ** scale) : index;
    const width = scale < COARSEST_NEEDED_SCALE ? 2 ** -scale : 1;
    visit(clampExponent(merged * width), count, clampExponent((merged + 1) * width));
  }
}

function clampExponent(exponent: number): number {
  return Math.min(LARGEST_EXPONENT, Math.max(SMALLEST_EXPONENT, exponent));
}

function add(byBound: Map<number, number>, bound: number, count: number): void {
  byBound.set(bound, (byBound.get(bound) ?? 0) + count);
}
