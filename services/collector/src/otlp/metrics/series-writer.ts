import { excerpt } from '@ibex/telemetry/privacy';
import type { MetricSample } from '../../model.ts';
import type { DeltaToCumulative } from '../../processors/delta-to-cumulative.ts';
import type { AttributeCollector } from '../attributes.ts';
import { OTLP_LIMITS } from '../limits.ts';
import type { Destination } from '../origin.ts';
import { LAST_UNIX_NANO } from '../spans.ts';
import type { BucketCounts } from './buckets.ts';
import { explicitBuckets, exponentialBuckets, singleValue, summaryTotals } from './buckets.ts';
import { seriesLabels, withLabel } from './labels.ts';
import type { NamedMetric } from './names.ts';
import { boundText, familyName, unitWord } from './names.ts';
import type { ExponentialPoint, HistogramPoint, MetricDraft, NumberPoint, SummaryPoint } from './points.ts';
import { CUMULATIVE, DELTA, NO_RECORDED_VALUE } from './points.ts';

/** One point, placed: whose series it is and when. */
interface Place {
  labels: Record<string, string>;
  timeUnixNano: bigint;
}

export interface SeriesWriterOptions extends Destination {
  metric: MetricDraft;
  type: NamedMetric['type'];
  /** AggregationTemporality; cumulative for what has none. */
  temporality: number;
  deltas: DeltaToCumulative;
}

/** Turns the points of one OTLP metric into samples of Prometheus-like series, or notes why a point was rejected. */
export class SeriesWriter {
  readonly #options: SeriesWriterOptions;
  readonly #family: string;
  #isDescribed = false;

  constructor(options: SeriesWriterOptions) {
    this.#options = options;
    this.#family = familyName({ ...options.metric, type: options.type });
  }

  /** A point of a gauge or a sum. */
  number(point: NumberPoint): void {
    const place = this.#place(point);
    if (place === undefined) return;
    const total = this.#cumulative(() => singleValue(point), place);
    if (total?.sum === undefined) return;
    this.#push(place, { suffix: '', value: total.sum });
    this.#options.context.acceptedPoints += 1;
  }

  histogram(point: HistogramPoint): void {
    this.#buckets(point, () => explicitBuckets(point));
  }

  exponentialHistogram(point: ExponentialPoint): void {
    this.#buckets(point, () => exponentialBuckets(point));
  }

  summary(point: SummaryPoint): void {
    const place = this.#place(point);
    if (place === undefined || this.#readOrReject(() => summaryTotals(point)) === undefined) return;
    for (const { quantile, value } of point.quantiles) {
      const labels = withLabel(place.labels, { name: 'quantile', value: boundText(quantile) });
      this.#push({ ...place, labels }, { suffix: '', value });
    }
    this.#push(place, { suffix: '_sum', value: point.sum });
    this.#push(place, { suffix: '_count', value: point.count });
    this.#options.context.acceptedPoints += 1;
  }

  #buckets(point: HistogramPoint | ExponentialPoint, read: () => BucketCounts): void {
    const place = this.#place(point);
    if (place === undefined) return;
    const total = this.#cumulative(read, place);
    if (total === undefined) return;
    this.#pushBuckets(total, place);
    if (total.sum !== undefined) this.#push(place, { suffix: '_sum', value: total.sum });
    this.#push(place, { suffix: '_count', value: total.count });
    this.#options.context.acceptedPoints += 1;
  }

  #pushBuckets({ byBound, count }: BucketCounts, place: Place): void {
    let below = 0;
    const pushBucket = (bound: number, value: number): void => {
      const labels = withLabel(place.labels, { name: 'le', value: boundText(bound) });
      this.#push({ ...place, labels }, { suffix: '_bucket', value });
    };
    for (const bound of [...byBound.keys()].sort((a, b) => a - b)) {
      below += byBound.get(bound) ?? 0;
      pushBucket(bound, below);
    }
    pushBucket(Number.POSITIVE_INFINITY, count);
  }

  /** The running total a point stands for; undefined when the point was rejected. */
  #cumulative(read: () => BucketCounts, place: Place): BucketCounts | undefined {
    const { temporality, deltas, context } = this.#options;
    const counted = this.#readOrReject(read);
    if (counted === undefined || temporality !== DELTA) return counted;
    const key = JSON.stringify([this.#family, place.labels]);
    const accumulated = deltas.add(key, { delta: counted, timeUnixNano: place.timeUnixNano });
    if (accumulated === undefined) {
      context.reject(
        'out_of_order_delta',
        `metric '${this.#family}': a point of that time or later was already added`,
      );
      return undefined;
    }
    context.onRollback(accumulated.undo);
    return accumulated.total;
  }

  #readOrReject(read: () => BucketCounts): BucketCounts | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#options.context.reject('invalid_point', `metric '${this.#family}': ${error.message}`);
      return undefined;
    }
  }

  /** Judges what every kind of point has; undefined when the point is not taken. */
  #place(point: { attributes: AttributeCollector; timeUnixNano: bigint; flags: number }): Place | undefined {
    const { context, origin } = this.#options;
    if ((point.flags & NO_RECORDED_VALUE) !== 0) return undefined;
    if (this.#isInvalidMetric() || !context.admitPoint()) return undefined;
    const timeUnixNano = point.timeUnixNano === 0n ? context.receivedUnixNano : point.timeUnixNano;
    if (timeUnixNano < 0n || timeUnixNano > LAST_UNIX_NANO) {
      context.reject(
        'invalid_time',
        `metric '${this.#family}': time ${timeUnixNano} must be nanoseconds since 1970, before 2262`,
      );
      return undefined;
    }
    return { labels: seriesLabels(point.attributes.attributes, { origin, context }), timeUnixNano };
  }

  #isInvalidMetric(): boolean {
    const { metric, temporality, context } = this.#options;
    if (this.#family === '') {
      context.reject('invalid_metric', `the name '${excerpt(metric.name, 80)}' has no letter or digit`);
      return true;
    }
    if (temporality === CUMULATIVE || temporality === DELTA) return false;
    context.reject(
      'invalid_metric',
      `metric '${this.#family}': aggregation temporality must be 1 (delta) or 2 (cumulative), is ${temporality}`,
    );
    return true;
  }

  #push(place: Place, { suffix, value }: { suffix: string; value: number }): void {
    const { batch } = this.#options.context;
    if (!this.#isDescribed) {
      this.#isDescribed = true;
      const { metric, type } = this.#options;
      const help = metric.description.slice(0, OTLP_LIMITS.nameLength);
      batch.metadata.push({ name: this.#family, type, unit: unitWord({ unit: metric.unit, type }), help });
    }
    if (Number.isNaN(value)) return;
    const sample: MetricSample = {
      name: `${this.#family}${suffix}`,
      labels: place.labels,
      timeUnixMs: Number(place.timeUnixNano / 1_000_000n),
      value,
    };
    batch.samples.push(sample);
  }
}
