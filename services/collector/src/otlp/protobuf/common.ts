import type { Attributes, AttributeValue } from '../../model.ts';
import { AttributeCollector, doubleValue, integerValue, serviceNameOf, setAttribute } from '../attributes.ts';
import type { DecodeContext } from '../decode-context.ts';
import { OTLP_LIMITS, TRUNCATION_MARK } from '../limits.ts';
import type { Origin, Scope } from '../origin.ts';
import { NO_SCOPE, newScope } from '../origin.ts';
import type { WireReader } from './wire-reader.ts';

/** Where one request is being read from, and what it becomes. */
export interface Decoding {
  reader: WireReader;
  context: DecodeContext;
}

/** Reads the current field, a KeyValue, into `collector`. */
export function readAttribute(decoding: Decoding, collector: AttributeCollector): void {
  if (collector.admit())
    setAttribute(collector.attributes, readKeyValue(decoding, { field: 'attributes', depth: 0 }));
  else decoding.reader.skip();
}

/** opentelemetry.proto.common.v1.KeyValue: key = 1, value = 2. */
function readKeyValue(
  { reader, context }: Decoding,
  { field, depth }: { field: string; depth: number },
): { key: string; value: AttributeValue } {
  return reader.message(field, () => {
    let key = '';
    let value: AttributeValue = null;
    for (let number = reader.next(); number !== 0; number = reader.next()) {
      if (number === 1) key = context.boundText(reader.string('key'), OTLP_LIMITS.keyLength, 'name_length');
      else if (number === 2) value = readAnyValue({ reader, context }, { field: 'value', depth });
      else reader.skip();
    }
    return { key, value };
  });
}

/** opentelemetry.proto.common.v1.AnyValue, in the current field. A cut value becomes the truncation mark. */
export function readAnyValue(
  decoding: Decoding,
  { field, depth }: { field: string; depth: number },
): AttributeValue {
  const { reader, context } = decoding;
  if (depth >= OTLP_LIMITS.valueDepth) {
    context.truncate('value_depth');
    reader.skip();
    return TRUNCATION_MARK;
  }
  if (!context.admitValue()) {
    reader.skip();
    return TRUNCATION_MARK;
  }
  return reader.message(field, () => {
    let value: AttributeValue = null;
    for (let number = reader.next(); number !== 0; number = reader.next()) {
      const read = VALUE_READERS[number];
      if (read === undefined) reader.skip();
      else value = read(decoding, depth);
    }
    return value;
  });
}

type ValueReader = (decoding: Decoding, depth: number) => AttributeValue;

/** By field number of AnyValue's `oneof`. */
const VALUE_READERS: readonly (ValueReader | undefined)[] = [
  undefined,
  ({ reader, context }) => boundAttribute(reader.string('string_value'), context),
  ({ reader }) => reader.bool('bool_value'),
  ({ reader }) => integerValue(reader.int64('int_value')),
  ({ reader }) => doubleValue(reader.double('double_value')),
  readArray,
  readMap,
  ({ reader, context }) => boundAttribute(reader.bytes('bytes_value').toString('base64'), context),
];

function boundAttribute(text: string, context: DecodeContext): string {
  return context.boundText(text, OTLP_LIMITS.attributeLength, 'attribute_length');
}

/** ArrayValue: values = 1. */
function readArray(decoding: Decoding, depth: number): AttributeValue[] {
  const { reader } = decoding;
  return reader.message('array_value', () => {
    const values: AttributeValue[] = [];
    for (let number = reader.next(); number !== 0; number = reader.next()) {
      if (number !== 1 || isFull(values.length, decoding)) reader.skip();
      else values.push(readAnyValue(decoding, { field: 'values', depth: depth + 1 }));
    }
    return values;
  });
}

/** KeyValueList: values = 1. */
function readMap(decoding: Decoding, depth: number): Attributes {
  const { reader } = decoding;
  return reader.message('kvlist_value', () => {
    const map: Attributes = {};
    let count = 0;
    for (let number = reader.next(); number !== 0; number = reader.next()) {
      if (number !== 1 || isFull(count, decoding)) {
        reader.skip();
        continue;
      }
      setAttribute(map, readKeyValue(decoding, { field: 'values', depth: depth + 1 }));
      count += 1;
    }
    return map;
  });
}

function isFull(count: number, { context }: Decoding): boolean {
  if (count < OTLP_LIMITS.valueBreadth) return false;
  context.truncate('value_breadth');
  return true;
}

/** opentelemetry.proto.resource.v1.Resource, in the current field: attributes = 1, dropped_attributes_count = 2. */
function readResource(decoding: Decoding): Attributes {
  const { reader, context } = decoding;
  return reader.message('resource', () => {
    const collector = new AttributeCollector(context);
    for (let number = reader.next(); number !== 0; number = reader.next()) {
      if (number === 1) readAttribute(decoding, collector);
      else if (number === 2) collector.dropped += reader.uint32('dropped_attributes_count');
      else reader.skip();
    }
    return collector.finish();
  });
}

/** InstrumentationScope, in the current field: name = 1, version = 2, attributes = 3, dropped_attributes_count = 4. */
function readScope(decoding: Decoding): Scope {
  const { reader, context } = decoding;
  return reader.message('scope', () => {
    const collector = new AttributeCollector(context);
    let name = '';
    let version = '';
    for (let number = reader.next(); number !== 0; number = reader.next()) {
      if (number === 1)
        name = context.boundText(reader.string('name'), OTLP_LIMITS.nameLength, 'name_length');
      else if (number === 2) version = boundAttribute(reader.string('version'), context);
      else if (number === 3) readAttribute(decoding, collector);
      else if (number === 4) collector.dropped += reader.uint32('dropped_attributes_count');
      else reader.skip();
    }
    return newScope({ name, version, attributes: collector.finish() });
  });
}

/**
 * Walks an Export…ServiceRequest. The three signals have the same frame: resource groups = 1, each with resource = 1 and
 * scope groups = 2, each with scope = 1 and records = 2. A resource or scope may come after what it describes.
 */
export function readGroups(
  decoding: Decoding,
  {
    resources,
    scopes,
    readRecord,
  }: { resources: string; scopes: string; readRecord: (origin: Origin) => void },
): void {
  const { reader, context } = decoding;
  const readScopeGroup = (resource: Attributes, serviceName: string): void =>
    reader.message(scopes, () => {
      const scope = aheadField(reader, () => readScope(decoding)) ?? NO_SCOPE;
      const origin = { resource, serviceName, scopeName: scope.name, scopeAttributes: scope.attributes };
      eachField(reader, 2, () => readRecord(origin));
    });
  const readResourceGroup = (): void =>
    reader.message(resources, () => {
      const resource = aheadField(reader, () => readResource(decoding)) ?? {};
      const serviceName = serviceNameOf(resource, context);
      eachField(reader, 2, () => readScopeGroup(resource, serviceName));
    });
  reader.whole(() => eachField(reader, 1, readResourceGroup));
}

function eachField(reader: WireReader, wanted: number, read: () => void): void {
  for (let number = reader.next(); number !== 0; number = reader.next()) {
    if (number === wanted) read();
    else reader.skip();
  }
}

/** Field 1 of the current message, wherever in it it stands. */
function aheadField<Value>(reader: WireReader, read: () => Value): Value | undefined {
  let value: Value | undefined;
  reader.ahead((number) => {
    if (number === 1) value = read();
    else reader.skip();
  });
  return value;
}
