import { AttributeCollector } from '../attributes.ts';
import { OTLP_LIMITS } from '../limits.ts';
import type {
  ExponentialBuckets,
  ExponentialPoint,
  HistogramPoint,
  NumberPoint,
  SummaryPoint,
} from '../metrics/points.ts';
import {
  newExponentialPoint,
  newHistogramPoint,
  newNumberPoint,
  newSummaryPoint,
} from '../metrics/points.ts';
import type { Decoding } from './common.ts';
import { readAttribute } from './common.ts';

const FIELD = 'data_points';

/** NumberDataPoint: time = 3, as_double = 4, as_int = 6, attributes = 7, flags = 8. */
export function readNumberPoint(decoding: Decoding): NumberPoint {
  const { reader, context } = decoding;
  return reader.message(FIELD, () => {
    const point = newNumberPoint(new AttributeCollector(context));
    for (let number = reader.next(); number !== 0; number = reader.next()) {
      if (number === 3) point.timeUnixNano = reader.fixed64('time_unix_nano');
      else if (number === 4) point.value = reader.double('as_double');
      else if (number === 6) point.value = Number(reader.sfixed64('as_int'));
      else if (number === 7) readAttribute(decoding, point.attributes);
      else if (number === 8) point.flags = reader.uint32('flags');
      else reader.skip();
    }
    return point;
  });
}

/** HistogramDataPoint, in the current field. */
export function readHistogramPoint(decoding: Decoding): HistogramPoint {
  const { reader, context } = decoding;
  return reader.message(FIELD, () => {
    const point = newHistogramPoint(new AttributeCollector(context));
    while (reader.next() !== 0) readHistogramField(decoding, point);
    return point;
  });
}

function readHistogramField(decoding: Decoding, point: HistogramPoint): void {
  const { reader } = decoding;
  switch (reader.field) {
    case 3:
      point.timeUnixNano = reader.fixed64('time_unix_nano');
      break;
    case 4:
      point.count = Number(reader.fixed64('count'));
      break;
    case 5:
      point.sum = reader.double('sum');
      break;
    case 6:
      reader.fixed64s('bucket_counts', boundedPush(point.bucketCounts));
      break;
    case 7:
      reader.doubles('explicit_bounds', boundedPush(point.bounds));
      break;
    case 9:
      readAttribute(decoding, point.attributes);
      break;
    case 10:
      point.flags = reader.uint32('flags');
      break;
    default:
      reader.skip();
  }
}

/** ExponentialHistogramDataPoint, in the current field. */
export function readExponentialPoint(decoding: Decoding): ExponentialPoint {
  const { reader, context } = decoding;
  return reader.message(FIELD, () => {
    const point = newExponentialPoint(new AttributeCollector(context));
    while (reader.next() !== 0) readExponentialField(decoding, point);
    return point;
  });
}

function readExponentialField(decoding: Decoding, point: ExponentialPoint): void {
  const { reader } = decoding;
  switch (reader.field) {
    case 1:
      readAttribute(decoding, point.attributes);
      break;
    case 3:
      point.timeUnixNano = reader.fixed64('time_unix_nano');
      break;
    case 4:
      point.count = Number(reader.fixed64('count'));
      break;
    case 5:
      point.sum = reader.double('sum');
      break;
    case 6:
      point.scale = reader.sint32('scale');
      break;
    case 7:
      point.zeroCount = Number(reader.fixed64('zero_count'));
      break;
    case 8:
      readExponentialBuckets(decoding, { field: 'positive', into: point.positive });
      break;
    case 9:
      readExponentialBuckets(decoding, { field: 'negative', into: point.negative });
      break;
    case 10:
      point.flags = reader.uint32('flags');
      break;
    case 14:
      point.zeroThreshold = reader.double('zero_threshold');
      break;
    default:
      reader.skip();
  }
}

/** Buckets: offset = 1, bucket_counts = 2. */
function readExponentialBuckets(
  { reader }: Decoding,
  { field, into }: { field: string; into: ExponentialBuckets },
): void {
  reader.message(field, () => {
    for (let number = reader.next(); number !== 0; number = reader.next()) {
      if (number === 1) into.offset = reader.sint32('offset');
      else if (number === 2) reader.uint64s('bucket_counts', boundedPush(into.counts));
      else reader.skip();
    }
  });
}

/** SummaryDataPoint: time = 3, count = 4, sum = 5, quantile_values = 6, attributes = 7, flags = 8. */
export function readSummaryPoint(decoding: Decoding): SummaryPoint {
  const { reader, context } = decoding;
  return reader.message(FIELD, () => {
    const point = newSummaryPoint(new AttributeCollector(context));
    for (let number = reader.next(); number !== 0; number = reader.next()) {
      if (number === 3) point.timeUnixNano = reader.fixed64('time_unix_nano');
      else if (number === 4) point.count = Number(reader.fixed64('count'));
      else if (number === 5) point.sum = reader.double('sum');
      else if (number === 6) readQuantile(decoding, boundedPush(point.quantiles));
      else if (number === 7) readAttribute(decoding, point.attributes);
      else if (number === 8) point.flags = reader.uint32('flags');
      else reader.skip();
    }
    return point;
  });
}

/** ValueAtQuantile: quantile = 1, value = 2. */
function readQuantile({ reader }: Decoding, push: (value: SummaryPoint['quantiles'][number]) => void): void {
  reader.message('quantile_values', () => {
    const at = { quantile: 0, value: 0 };
    for (let number = reader.next(); number !== 0; number = reader.next()) {
      if (number === 1) at.quantile = reader.double('quantile');
      else if (number === 2) at.value = reader.double('value');
      else reader.skip();
    }
    push(at);
  });
}

/** Collects one element more than is allowed, by which the writer of series knows that the point has too many. */
function boundedPush<Value>(into: Value[]): (value: Value) => void {
  return (value) => {
    if (into.length <= OTLP_LIMITS.bucketsPerPoint) into.push(value);
  };
}
