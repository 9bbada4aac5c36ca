import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DeltaToCumulative } from '../processors/delta-to-cumulative.ts';
import { decodeRequest } from '../testing/decode-request.ts';
import { LOGS_JSON, LOGS_PROTOBUF, TRACES_JSON, TRACES_PROTOBUF } from '../testing/otlp-requests.ts';
import { double, keyValue, message, tag, text, varint } from '../testing/protobuf-fields.ts';
import type { Encoding } from './decode.ts';
import { decodeExport } from './decode.ts';
import type { Signal } from './decode-context.ts';
import { MalformedOtlpError } from './decode-error.ts';
import { OTLP_LIMITS, TRUNCATION_MARK } from './limits.ts';

function logOf(...fields: Buffer[]): Buffer {
  return message(1, message(2, message(2, ...fields)));
}

describe('bounds', () => {
  test('a deep attribute is cut, and says so', () => {
    let value = text(1, 'deep');
    for (let level = 0; level < 2_000; level += 1) value = message(5, message(1, value));
    const context = decodeRequest('logs', logOf(keyValue(6, 'deep', value)));
    assert.equal(context.truncations.get('value_depth'), 1);
    assert.match(JSON.stringify(context.batch.logs[0]?.attributes.deep), /^\[{12}"…\[truncated\]"\]{12}$/);
  });

  test('a deep JSON body is refused', () => {
    const body = Buffer.from('{"resourceLogs":'.padEnd(1_000_000, '['));
    const options = {
      signal: 'logs',
      encoding: 'json',
      receivedUnixMs: 0,
      deltas: new DeltaToCumulative(),
    } as const;
    assert.throws(() => decodeExport(body, options), /nested deeper than 128 levels/);
  });

  test('long texts are cut, whole characters only', () => {
    const long = `${'x'.repeat(OTLP_LIMITS.attributeLength - 1)}🦌`;
    const context = decodeRequest('logs', logOf(keyValue(6, 'long', text(1, long))));
    const value = context.batch.logs[0]?.attributes.long;
    assert.ok(typeof value === 'string' && value.endsWith(TRUNCATION_MARK) && value.isWellFormed());
    assert.match(context.message(), /^cut 1 attribute_length$/);
  });

  test('attributes over the limit are dropped and counted on the record', () => {
    const many = Array.from({ length: OTLP_LIMITS.attributesPerRecord + 3 }, (_, index) =>
      keyValue(6, `k${index}`, varint(3, 1)),
    );
    const context = decodeRequest('logs', logOf(...many));
    assert.equal(context.batch.logs[0]?.attributes['otel.dropped_attributes_count'], 3);
    assert.equal(context.truncations.get('attribute_count'), 3);
  });

  test('wide values are cut', () => {
    const wide = message(5, ...Array.from({ length: OTLP_LIMITS.valueBreadth + 1 }, () => message(1)));
    const context = decodeRequest('logs', logOf(keyValue(6, 'wide', wide)));
    assert.equal(context.truncations.get('value_breadth'), 1);
  });

  test('records over the limit are rejected', () => {
    const records = Array.from({ length: OTLP_LIMITS.recordsPerRequest + 2 }, () => message(2));
    const context = decodeRequest('logs', message(1, message(2, ...records)));
    assert.equal(context.rejections.get('too_many_records'), 2);
    assert.equal(context.batch.logs.length, OTLP_LIMITS.recordsPerRequest);
  });
});

describe('malformed protobuf', () => {
  for (const [name, body, rule] of [
    [
      'a length beyond the end',
      Buffer.from('0a05', 'hex'),
      /^resource_spans: says it is 5 bytes long where 0 are left \(at byte 2\)$/,
    ],
    [
      'a length beyond the enclosing message',
      Buffer.concat([message(1, Buffer.from('0a05', 'hex')), message(1, text(3, 'filler'))]),
      /^resource_spans\.resource: says it is 5 bytes long where 0 are left/,
    ],
    [
      'a wrong wire type',
      message(1, message(2, message(2, varint(1, 7)))),
      /^resource_spans\.scope_spans\.spans\.trace_id: must be length-delimited, is varint/,
    ],
    [
      'a double as varint',
      message(1, message(2, message(2, keyValue(9, 'a', varint(4, 1))))),
      /spans\.attributes\.value\.double_value: must be fixed64, is varint/,
    ],
    [
      'a cut fixed64',
      message(1, message(2, message(2, tag(7, 1), Buffer.alloc(3)))),
      /spans\.start_time_unix_nano: the bytes end inside it/,
    ],
    [
      'an endless varint',
      message(1, message(2, message(2, tag(6, 0), Buffer.alloc(11, 0xff)))),
      /spans\.kind: is not protobuf/,
    ],
    [
      'field number 0',
      message(1, Buffer.from([0x02, 0x00])),
      /^resource_spans: field number 0 does not exist/,
    ],
    ['a group', message(1, Buffer.from([0x7b, 0x7c])), /^resource_spans: wire type 3 does not occur in OTLP/],
    ['JSON', Buffer.from('{"resourceSpans":[]}'), /wire type 3 does not occur|is not protobuf|bytes/],
    ['text', Buffer.from('hello'), /./],
  ] as const) {
    test(`${name} is refused, naming field and byte`, () => {
      assert.throws(
        () => decodeRequest('traces', body),
        (error) => error instanceof MalformedOtlpError && rule.test(error.message),
      );
    });
  }

  test('doubles that are not finite arrive as words', () => {
    const context = decodeRequest('logs', logOf(keyValue(6, 'a', double(4, Number.NEGATIVE_INFINITY))));
    assert.equal(context.batch.logs[0]?.attributes.a, '-Infinity');
  });
});

describe('no bytes crash the decoder', () => {
  const samples: [Signal, Encoding, Buffer][] = [
    ['traces', 'protobuf', TRACES_PROTOBUF],
    ['logs', 'protobuf', LOGS_PROTOBUF],
    ['metrics', 'protobuf', TRACES_PROTOBUF],
    ['traces', 'json', Buffer.from(JSON.stringify(TRACES_JSON))],
    ['logs', 'json', Buffer.from(JSON.stringify(LOGS_JSON))],
  ];
  for (const [signal, encoding, body] of samples) {
    function survives(bytes: Buffer): void {
      try {
        decodeExport(bytes, { signal, encoding, receivedUnixMs: 0, deltas: new DeltaToCumulative() });
      } catch (error) {
        if (!(error instanceof MalformedOtlpError)) throw error;
      }
    }

    test(`${signal} in ${encoding}, cut anywhere`, () => {
      for (let length = 0; length < body.length; length += 1) survives(body.subarray(0, length));
    });

    test(`${signal} in ${encoding}, any byte changed`, () => {
      for (let index = 0; index < body.length; index += 1) {
        for (const value of [0x00, 0x01, 0x22, 0x5b, 0x7b, 0x7f, 0x80, 0xff]) {
          const changed = Buffer.from(body);
          changed[index] = value;
          survives(changed);
        }
      }
    });
  }
});
