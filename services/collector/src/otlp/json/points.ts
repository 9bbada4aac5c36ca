import { AttributeCollector } from '../attributes.ts';
import type { DecodeContext } from '../decode-context.ts';
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
import { readAttributes } from './common.ts';
import type { JsonObject } from './fields.ts';
import {
  doubleField,
  eachObject,
  eachValue,
  integerField,
  objectField,
  smallIntegerField,
  toDouble,
  toInteger,
} from './fields.ts';

export function readNumberPoint(object: JsonObject, context: DecodeContext): NumberPoint {
  const point = newNumberPoint(readPointAttributes(object, context));
  readFrame(object, point);
  const isInteger = object.asInt !== undefined && object.asInt !== null;
  point.value = isInteger ? Number(integerField(object, 'asInt')) : doubleField(object, 'asDouble');
  return point;
}

export function readHistogramPoint(object: JsonObject, context: DecodeContext): HistogramPoint {
  const point = newHistogramPoint(readPointAttributes(object, context));
  readFrame(object, point);
  point.count = Number(integerField(object, 'count'));
  point.sum = doubleField(object, 'sum');
  eachBounded(object, 'bucketCounts', (value) => point.bucketCounts.push(Number(toInteger(value, ''))));
  eachBounded(object, 'explicitBounds', (value) => point.bounds.push(toDouble(value, '')));
  return point;
}

export function readExponentialPoint(object: JsonObject, context: DecodeContext): ExponentialPoint {
  const point = newExponentialPoint(readPointAttributes(object, context));
  readFrame(object, point);
  point.count = Number(integerField(object, 'count'));
  point.sum = doubleField(object, 'sum');
  point.scale = smallIntegerField(object, 'scale');
  point.zeroCount = Number(integerField(object, 'zeroCount'));
  point.zeroThreshold = doubleField(object, 'zeroThreshold') ?? 0;
  objectField(object, 'positive', (buckets) => readExponentialBuckets(buckets, point.positive));
  objectField(object, 'negative', (buckets) => readExponentialBuckets(buckets, point.negative));
  return point;
}

function readExponentialBuckets(buckets: JsonObject, into: ExponentialBuckets): void {
  into.offset = smallIntegerField(buckets, 'offset');
  eachBounded(buckets, 'bucketCounts', (value) => into.counts.push(Number(toInteger(value, ''))));
}

export function readSummaryPoint(object: JsonObject, context: DecodeContext): SummaryPoint {
  const point = newSummaryPoint(readPointAttributes(object, context));
  readFrame(object, point);
  point.count = Number(integerField(object, 'count'));
  point.sum = doubleField(object, 'sum') ?? 0;
  eachObject(object, 'quantileValues', (at) => {
    if (point.quantiles.length > OTLP_LIMITS.bucketsPerPoint) return;
    point.quantiles.push({
      quantile: doubleField(at, 'quantile') ?? 0,
      value: doubleField(at, 'value') ?? 0,
    });
  });
  return point;
}

function readPointAttributes(object: JsonObject, context: DecodeContext): AttributeCollector {
  const attributes = new AttributeCollector(context);
  readAttributes(object, attributes, context);
  return attributes;
}

function readFrame(object: JsonObject, point: { timeUnixNano: bigint; flags: number }): void {
  point.timeUnixNano = integerField(object, 'timeUnixNano');
  point.flags = smallIntegerField(object, 'flags');
}

/** Visits one element more than is allowed, by which the writer of series knows that the point has too many. */
function eachBounded(object: JsonObject, key: string, visit: (value: unknown) => void): void {
  let count = 0;
  eachValue(object, key, (value) => {
    if (count <= OTLP_LIMITS.bucketsPerPoint) visit(value);
    count += 1;
  });
}
