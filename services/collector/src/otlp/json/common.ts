import { excerpt } from '@ibex/telemetry/privacy';
import type { Attributes, AttributeValue } from '../../model.ts';
import { AttributeCollector, doubleValue, integerValue, serviceNameOf, setAttribute } from '../attributes.ts';
import type { DecodeContext } from '../decode-context.ts';
import { OTLP_LIMITS, TRUNCATION_MARK } from '../limits.ts';
import type { Origin, Scope } from '../origin.ts';
import { NO_SCOPE, newScope } from '../origin.ts';
import type { JsonObject } from './fields.ts';
import {
  asObject,
  booleanField,
  doubleField,
  eachObject,
  eachValue,
  integerField,
  objectField,
  smallIntegerField,
  stringField,
} from './fields.ts';

/** Reads the array `attributes` of `object`, and its count of dropped ones, into `collector`. */
export function readAttributes(
  object: JsonObject,
  collector: AttributeCollector,
  context: DecodeContext,
): void {
  collector.dropped += smallIntegerField(object, 'droppedAttributesCount');
  eachObject(object, 'attributes', (pair) => {
    if (collector.admit()) setAttribute(collector.attributes, readKeyValue(pair, { context, depth: 0 }));
  });
}

interface Nested {
  context: DecodeContext;
  depth: number;
}

function readKeyValue(pair: JsonObject, nested: Nested): { key: string; value: AttributeValue } {
  const key = nested.context.boundText(stringField(pair, 'key'), OTLP_LIMITS.keyLength, 'name_length');
  return { key, value: objectField(pair, 'value', (value) => readAnyValue(value, nested)) ?? null };
}

/** opentelemetry.proto.common.v1.AnyValue. A cut value becomes the truncation mark. */
export function readAnyValue(value: JsonObject, { context, depth }: Nested): AttributeValue {
  if (depth >= OTLP_LIMITS.valueDepth) {
    context.truncate('value_depth');
    return TRUNCATION_MARK;
  }
  if (!context.admitValue()) return TRUNCATION_MARK;
  for (const key of Object.keys(value)) {
    const read = VALUE_READERS.get(key);
    if (read !== undefined && value[key] !== null) return read(value, { context, depth });
  }
  return null;
}

type ValueReader = (value: JsonObject, nested: Nested) => AttributeValue;

/** By field of AnyValue's `oneof`. */
const VALUE_READERS: ReadonlyMap<string, ValueReader> = new Map<string, ValueReader>([
  ['stringValue', (value, { context }) => boundAttribute(stringField(value, 'stringValue'), context)],
  ['boolValue', (value) => booleanField(value, 'boolValue')],
  ['intValue', (value) => integerValue(integerField(value, 'intValue'))],
  ['doubleValue', (value) => doubleValue(doubleField(value, 'doubleValue') ?? 0)],
  [
    'arrayValue',
    (value, nested) => objectField(value, 'arrayValue', (array) => readArray(array, nested)) ?? null,
  ],
  [
    'kvlistValue',
    (value, nested) => objectField(value, 'kvlistValue', (map) => readMap(map, nested)) ?? null,
  ],
  [
    'bytesValue',
    (value, { context }) => boundAttribute(standardBase64(stringField(value, 'bytesValue')), context),
  ],
]);

/** Base64 as proto3's JSON may write it, URL-safe or unpadded, in its standard form. */
function standardBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('base64');
}

export function boundAttribute(text: string, context: DecodeContext): string {
  return context.boundText(text, OTLP_LIMITS.attributeLength, 'attribute_length');
}

export function boundName(text: string, context: DecodeContext): string {
  return context.boundText(text, OTLP_LIMITS.nameLength, 'name_length');
}

function readArray(array: JsonObject, { context, depth }: Nested): AttributeValue[] {
  const values: AttributeValue[] = [];
  eachValue(array, 'values', (element) => {
    if (!isFull(values.length, context))
      values.push(readAnyValue(asObject(element, ''), { context, depth: depth + 1 }));
  });
  return values;
}

function readMap(object: JsonObject, { context, depth }: Nested): Attributes {
  const map: Attributes = {};
  let count = 0;
  eachObject(object, 'values', (pair) => {
    if (isFull(count, context)) return;
    setAttribute(map, readKeyValue(pair, { context, depth: depth + 1 }));
    count += 1;
  });
  return map;
}

function isFull(count: number, context: DecodeContext): boolean {
  if (count < OTLP_LIMITS.valueBreadth) return false;
  context.truncate('value_breadth');
  return true;
}

function readResource(resource: JsonObject, context: DecodeContext): Attributes {
  const collector = new AttributeCollector(context);
  readAttributes(resource, collector, context);
  return collector.finish();
}

function readScope(scope: JsonObject, context: DecodeContext): Scope {
  const collector = new AttributeCollector(context);
  readAttributes(scope, collector, context);
  return newScope({
    name: boundName(stringField(scope, 'name'), context),
    version: boundAttribute(stringField(scope, 'version'), context),
    attributes: collector.finish(),
  });
}

export interface GroupReader {
  /** Keys of the three levels, e.g. `resourceSpans`, `scopeSpans`, `spans`. */
  keys: readonly [resources: string, scopes: string, records: string];
  context: DecodeContext;
  readRecord: (record: JsonObject, origin: Origin) => void;
}

/** Walks an Export…ServiceRequest: resource groups, scope groups, records. */
export function readGroups(request: JsonObject, { keys, context, readRecord }: GroupReader): void {
  const [resources, scopes, records] = keys;
  warnOfUnknownRequest(request, { resources, context });
  eachObject(request, resources, (group) => {
    const resource = objectField(group, 'resource', (value) => readResource(value, context)) ?? {};
    const serviceName = serviceNameOf(resource, context);
    eachObject(group, scopes, (scopeGroup) => {
      const scope = objectField(scopeGroup, 'scope', (value) => readScope(value, context)) ?? NO_SCOPE;
      const origin = { resource, serviceName, scopeName: scope.name, scopeAttributes: scope.attributes };
      eachObject(scopeGroup, records, (record) => readRecord(record, origin));
    });
  });
}

/** Unknown fields are ignored; a request of nothing else was meant for somewhere else, and its sender should hear it. */
function warnOfUnknownRequest(
  request: JsonObject,
  { resources, context }: { resources: string; context: DecodeContext },
): void {
  const [first] = Object.keys(request);
  if (first === undefined || resources in request) return;
  context.warning = `the request has no field '${resources}', so nothing was read; its first field is '${excerpt(first, 40)}'`;
}
