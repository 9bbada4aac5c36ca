/** A cumulative bucket: observations up to and including `upperBound`, per second. */
export interface Bucket {
  upperBound: number;
  rate: number;
}

/**
 * The value below which a share of the observations lies, interpolated linearly inside its bucket, as Prometheus'
 * `histogram_quantile` does. Null without observations or without a bucket that ends at +Inf.
 *
 * @param quantile Between 0 and 1.
 * @param buckets By ascending bound.
 */
export function bucketQuantile(quantile: number, buckets: readonly Bucket[]): number | null {
  const monotone = withoutDips(buckets);
  const last = monotone.at(-1);
  if (last === undefined || last.upperBound !== Number.POSITIVE_INFINITY || !(last.rate > 0)) return null;
  if (monotone.length < 2) return null;
  const rank = quantile * last.rate;
  const index = monotone.findIndex((bucket) => bucket.rate >= rank);
  const bucket = monotone[index];
  const below = monotone[index - 1];
  if (bucket === undefined) return null;
  if (bucket.upperBound === Number.POSITIVE_INFINITY) return below?.upperBound ?? null;
  if (below === undefined && bucket.upperBound <= 0) return bucket.upperBound;
  const lowerBound = below?.upperBound ?? 0;
  const lowerRate = below?.rate ?? 0;
  const share = (rank - lowerRate) / (bucket.rate - lowerRate);
  return lowerBound + (bucket.upperBound - lowerBound) * share;
}

/** Buckets scraped a moment apart can dip by a little; a cumulative count cannot. */
function withoutDips(buckets: readonly Bucket[]): Bucket[] {
  let highest = 0;
  return buckets.map(({ upperBound, rate }) => {
    highest = Math.max(highest, rate);
    return { upperBound, rate: highest };
  });
}

/** The label `le` as a number; NaN when it is not one. */
export function parseBound(le: string): number {
  if (/^\+?Inf$/i.test(le)) return Number.POSITIVE_INFINITY;
  return le === '' ? Number.NaN : Number(le);
}
