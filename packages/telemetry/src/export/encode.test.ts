import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type DecodedKeyValue, decodeTraces } from '../testing/otlp-schema.ts';
import { sampleSpan } from '../testing/sample-span.ts';
import type { AttributeValue, FinishedSpan } from '../traces/span.ts';
import { encodeSpans } from './encode.ts';

const resource = { 'service.name': 'proxy', 'service.version': '0.1.0' };

function decodeOne(span: Partial<FinishedSpan>) {
  const [decoded] = decodeTraces(encodeSpans([sampleSpan(span)], resource)).spans;
  assert.ok(decoded);
  return decoded;
}

/** The value as a receiver reads it, e.g. `{ int_value: '-1' }`. */
function decodeValue(value: AttributeValue): unknown {
  const [attribute] = decodeOne({ attributes: { key: value } }).attributes;
  const { value: _which, ...fields } = (attribute as DecodedKeyValue).value;
  return fields;
}

describe('a span', () => {
  test('carries every field under its number', () => {
    const decoded = decodeOne({
      parentSpanId: '00f067aa0ba902b7',
      traceState: 'vendor=1',
      kind: 'client',
      droppedAttributes: 3,
      droppedEvents: 300,
      status: 'error',
      statusMessage: 'no answer',
    });
    assert.deepEqual(decoded, {
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      span_id: 'b7ad6b7169203331',
      trace_state: 'vendor=1',
      parent_span_id: '00f067aa0ba902b7',
      name: 'GET /v1/models',
      kind: 'CLIENT',
      start_time_unix_nano: '1772519804123250000',
      end_time_unix_nano: '1772519804125500000',
      attributes: [],
      dropped_attributes_count: 3,
      events: [],
      dropped_events_count: 300,
      links: [],
      dropped_links_count: 0,
      status: { message: 'no answer', code: 'ERROR' },
      flags: 1,
    });
  });

  test('has its kind and status by number', () => {
    const kinds = (['internal', 'server', 'client', 'producer', 'consumer'] as const).map(
      (kind) => decodeOne({ kind }).kind,
    );
    assert.deepEqual(kinds, ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']);
    assert.equal(decodeOne({ status: 'unset' }).status, null);
    assert.deepEqual(decodeOne({ status: 'ok' }).status, { message: '', code: 'OK' });
  });

  test('has its times to the nanosecond a double can hold', () => {
    for (const unixMs of [0, 0.5, 1, 1_772_519_804_000, 1_772_519_804_999.75, 4_102_444_800_000.125]) {
      const expected = BigInt(Math.floor(unixMs)) * 1_000_000n + BigInt((unixMs % 1) * 1e6);
      assert.equal(decodeOne({ startUnixMs: unixMs }).start_time_unix_nano, String(expected));
    }
    assert.equal(decodeOne({ startUnixMs: 1.9999999 }).start_time_unix_nano, '2000000');
  });

  test('has its events and links', () => {
    const context = {
      traceId: 'f'.repeat(32),
      spanId: '1'.repeat(16),
      sampled: true,
      traceState: 'a=b',
    };
    const decoded = decodeOne({
      events: [{ name: 'exception', timeUnixMs: 2.5, attributes: { 'exception.type': 'TypeError' } }],
      links: [{ context, attributes: { 'link.kind': 'caller', skipped: undefined } }],
    });
    const text = (value: string) => ({ string_value: value, value: 'string_value' });
    assert.deepEqual(decoded.events, [
      {
        time_unix_nano: '2500000',
        name: 'exception',
        attributes: [{ key: 'exception.type', value: text('TypeError') }],
        dropped_attributes_count: 0,
      },
    ]);
    const [link] = decoded.links as Record<string, unknown>[];
    assert.equal(link?.trace_id, 'f'.repeat(32));
    assert.equal(link?.span_id, '1'.repeat(16));
    assert.equal(link?.trace_state, 'a=b');
    assert.deepEqual(link?.attributes, [{ key: 'link.kind', value: text('caller') }]);
  });
});

describe('attribute values', () => {
  const cases: readonly (readonly [AttributeValue, unknown])[] = [
    ['', { string_value: '' }],
    ['grün 🦌', { string_value: 'grün 🦌' }],
    ['\ud800 alone', { string_value: '\ufffd alone' }],
    ['é'.repeat(10_000), { string_value: 'é'.repeat(10_000) }],
    [true, { bool_value: true }],
    [false, { bool_value: false }],
    [0, { int_value: '0' }],
    [-1, { int_value: '-1' }],
    [127, { int_value: '127' }],
    [128, { int_value: '128' }],
    [2 ** 31, { int_value: '2147483648' }],
    [Number.MAX_SAFE_INTEGER, { int_value: '9007199254740991' }],
    [Number.MIN_SAFE_INTEGER, { int_value: '-9007199254740991' }],
    [1.5, { double_value: 1.5 }],
    [-0.25, { double_value: -0.25 }],
    [1e300, { double_value: 1e300 }],
    [Number.POSITIVE_INFINITY, { double_value: Number.POSITIVE_INFINITY }],
    [[], { array_value: { values: [] } }],
  ];
  for (const [value, expected] of cases) {
    test(`${typeof value} ${String(value).slice(0, 30)}`, () =>
      assert.deepEqual(decodeValue(value), expected));
  }

  test('a list of mixed scalars', () => {
    const { array_value } = decodeValue(['a', '', 1, -2, 0.5, true]) as {
      array_value: { values: Record<string, unknown>[] };
    };
    const values = array_value.values.map(({ value, ...fields }) => fields[value as string]);
    assert.deepEqual(values, ['a', '', '1', '-2', 0.5, true]);
  });
});

describe('a batch', () => {
  test('names resource and scope once', () => {
    const decoded = decodeTraces(encodeSpans([sampleSpan(), sampleSpan({ name: 'second' })], resource));
    assert.deepEqual(
      decoded.resource.map(({ key, value }) => [key, value.string_value]),
      Object.entries(resource),
    );
    assert.equal(decoded.scope, '@ibex/telemetry');
    assert.deepEqual(
      decoded.spans.map(({ name }) => name),
      ['GET /v1/models', 'second'],
    );
  });

  test('has messages of every length up to and over the one-byte and two-byte prefix', () => {
    const lengths = [
      0, 1, 100, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 16_370, 16_383, 16_384, 70_000,
    ];
    const spans = lengths.map((length) => sampleSpan({ attributes: { text: 'x'.repeat(length) } }));
    const decoded = decodeTraces(encodeSpans(spans, resource)).spans.map(
      ({ attributes }) => String(attributes[0]?.value.string_value).length,
    );
    assert.deepEqual(decoded, lengths);
  });

  test('of two megabytes comes out whole', () => {
    const spans = Array.from({ length: 512 }, (_, index) =>
      sampleSpan({ name: `span ${index}`, attributes: { index, text: 'ü'.repeat(2_048) } }),
    );
    const bytes = encodeSpans(spans, resource);
    assert.ok(bytes.length > 2 * 1024 * 1024);
    const decoded = decodeTraces(bytes).spans;
    assert.equal(decoded.length, 512);
    assert.equal(decoded.at(-1)?.name, 'span 511');
  });

  test('does not disturb the one before it', () => {
    const first = encodeSpans([sampleSpan({ name: 'first' })], resource);
    const copy = Buffer.from(first);
    encodeSpans([sampleSpan({ name: 'second' })], resource);
    assert.deepEqual(first, copy);
  });
});
