import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LogRecord, SpanRecord } from '../model.ts';
import { DeltaToCumulative } from '../processors/delta-to-cumulative.ts';
import {
  LOGS_JSON,
  LOGS_PROTOBUF,
  PARENT_ID,
  SPAN_ID,
  TRACE_ID,
  TRACES_JSON,
  TRACES_PROTOBUF,
} from '../testing/otlp-requests.ts';
import { bytes, double, keyValue, message, tag, text, varint } from '../testing/protobuf-fields.ts';
import type { Encoding } from './decode.ts';
import { decodeExport } from './decode.ts';
import type { DecodeContext, Signal } from './decode-context.ts';
import { MalformedOtlpError } from './decode-error.ts';
import { OTLP_LIMITS, TRUNCATION_MARK } from './limits.ts';

const RECEIVED_UNIX_MS = 1_700_000_000_000;

function decode(signal: Signal, body: Buffer | object): DecodeContext {
  const encoding: Encoding = Buffer.isBuffer(body) ? 'protobuf' : 'json';
  const content = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  return decodeExport(content, {
    signal,
    encoding,
    receivedUnixMs: RECEIVED_UNIX_MS,
    deltas: new DeltaToCumulative(),
  });
}

const ATTRIBUTES = {
  text: 'grüße 🦌',
  yes: true,
  negative: -42,
  huge: '9223372036854775807',
  ratio: 0.25,
  nan: 'NaN',
  list: ['a', 1, null],
  map: JSON.parse('{"inner":false,"__proto__":"own"}'),
  raw: '//4=',
  'otel.dropped_attributes_count': 2,
  'otel.scope.version': '1.2.3',
  'otel.scope.team': 'gateway',
};
const RESOURCE = { 'service.name': 'proxy', 'host.cpus': 2, 'otel.dropped_attributes_count': 1 };

const SPAN: SpanRecord = {
  traceId: TRACE_ID,
  spanId: SPAN_ID,
  parentSpanId: PARENT_ID,
  name: 'provider.generate',
  kind: 'client',
  serviceName: 'proxy',
  scopeName: 'ibex',
  startTimeUnixNano: 1544712660123456789n,
  durationNano: 1000000001n,
  status: 'error',
  statusMessage: 'upstream refused',
  attributes: {
    ...ATTRIBUTES,
    'otel.dropped_events_count': 3,
    'otel.dropped_links_count': 4,
    'w3c.tracestate': 'vendor=1',
  },
  resource: RESOURCE,
  events: [
    {
      timeUnixNano: 1544712660500000001n,
      name: 'retry',
      attributes: { attempt: 2, 'otel.dropped_attributes_count': 1 },
    },
  ],
  links: [
    { traceId: TRACE_ID, spanId: PARENT_ID, attributes: { why: 'follows', 'w3c.tracestate': 'vendor=2' } },
  ],
};

const LOG: LogRecord = {
  timeUnixNano: 1544712660123456789n,
  level: 'ERROR',
  serviceName: 'proxy',
  message: 'upstream refused',
  traceId: TRACE_ID,
  spanId: SPAN_ID,
  requestId: 'r-1',
  attributes: {
    ...ATTRIBUTES,
    request_id: 'r-1',
    'event.name': 'provider.failed',
    'otel.scope.name': 'ibex',
  },
  resource: RESOURCE,
};

describe('every field arrives', () => {
  for (const [encoding, traces, logs] of [
    ['protobuf', TRACES_PROTOBUF, LOGS_PROTOBUF],
    ['json', TRACES_JSON, LOGS_JSON],
  ] as const) {
    test(`of a span in ${encoding}`, () => {
      const context = decode('traces', traces);
      assert.deepEqual(context.batch.spans, [SPAN]);
      assert.equal(context.message(), '');
    });

    test(`of a log record in ${encoding}`, () => {
      const context = decode('logs', logs);
      assert.deepEqual(context.batch.logs, [LOG]);
      assert.equal(context.message(), '');
    });
  }

  test('of a span whose integers are JSON numbers, digit by digit', () => {
    const body = JSON.stringify(TRACES_JSON).replaceAll(/"(\d{19})"/g, '$1');
    const options = {
      signal: 'traces',
      encoding: 'json',
      receivedUnixMs: 0,
      deltas: new DeltaToCumulative(),
    } as const;
    assert.deepEqual(decodeExport(Buffer.from(body), options).batch.spans, [SPAN]);
  });

  test('of a span whose enums are names', () => {
    const body = JSON.stringify(TRACES_JSON)
      .replace('"kind":3', '"kind":"SPAN_KIND_CLIENT"')
      .replace('"code":2', '"code":"STATUS_CODE_ERROR"');
    assert.deepEqual(decode('traces', JSON.parse(body)).batch.spans, [SPAN]);
  });

  test('and survives structured cloning', () => {
    const { batch } = decode('traces', TRACES_PROTOBUF);
    assert.deepEqual(structuredClone(batch).spans, [SPAN]);
  });
});

function logOf(...fields: Buffer[]): Buffer {
  return message(1, message(2, message(2, ...fields)));
}

describe('a log record', () => {
  test('without any time has the time of its arrival', () => {
    const [log] = decode('logs', logOf(message(5, text(1, 'x')))).batch.logs;
    assert.equal(log?.timeUnixNano, 1_700_000_000_000_000_000n);
    assert.equal(log.level, 'INFO');
    assert.equal(log.serviceName, 'unknown_service');
  });

  for (const [severity, level] of [
    ['warning', 'WARN'],
    ['Err', 'ERROR'],
    ['critical', 'FATAL'],
    ['Information', 'INFO'],
    ['debug', 'DEBUG'],
    ['?', 'INFO'],
  ] as const) {
    test(`with only the text '${severity}' is ${level}`, () => {
      assert.equal(decode('logs', logOf(text(3, severity))).batch.logs[0]?.level, level);
    });
  }

  test('with a structured body has it as JSON', () => {
    const body = message(5, message(6, keyValue(1, 'code', varint(3, 7))));
    assert.equal(decode('logs', logOf(body)).batch.logs[0]?.message, '{"code":7}');
  });

  test('with a broken trace context is kept without it, and that is counted', () => {
    const context = decode('logs', logOf(bytes(9, Buffer.alloc(3, 1)), bytes(10, Buffer.alloc(8, 1))));
    assert.equal(context.batch.logs[0]?.traceId, '');
    assert.equal(context.batch.logs[0].spanId, '');
    assert.equal(context.truncations.get('log_trace_context'), 1);
  });
});

describe('spans that cannot be', () => {
  const base = {
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    name: 'x',
    startTimeUnixNano: '1544712660000000000',
    endTimeUnixNano: '1544712660000000000',
  };
  for (const [name, change, reason] of [
    ['a zero trace id', { traceId: '0'.repeat(32) }, 'invalid_trace_id'],
    ['no trace id', { traceId: undefined }, 'invalid_trace_id'],
    ['a trace id in base64', { traceId: 'W47/95gDgQPSabYzgT/GDA==' }, 'invalid_trace_id'],
    ['a zero span id', { spanId: '0'.repeat(16) }, 'invalid_span_id'],
    ['a short parent id', { parentSpanId: 'abc' }, 'invalid_span_id'],
    ['no start', { startTimeUnixNano: undefined }, 'invalid_time'],
    [
      'a start after 2262',
      { startTimeUnixNano: '18446744073709551615', endTimeUnixNano: '18446744073709551615' },
      'invalid_time',
    ],
    ['an end before the start', { endTimeUnixNano: '1544712659999999999' }, 'end_before_start'],
  ] as const) {
    test(`${name}: rejected, the others kept`, () => {
      const context = decode('traces', {
        resourceSpans: [{ scopeSpans: [{ spans: [{ ...base, ...change }, base] }] }],
      });
      assert.equal(context.rejected, 1);
      assert.equal(context.rejections.get(reason), 1);
      assert.equal(context.batch.spans.length, 1);
      assert.match(context.message(), new RegExp(`^rejected 1 ${reason}: ${reason} \\(span 'x'`));
    });
  }

  test('a zero parent id means a root', () => {
    const span = { ...base, parentSpanId: '0'.repeat(16) };
    assert.equal(
      decode('traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }).batch.spans[0]?.parentSpanId,
      '',
    );
  });
});

describe('bounds', () => {
  test('a deep attribute is cut, and says so', () => {
    let value = text(1, 'deep');
    for (let level = 0; level < 2_000; level += 1) value = message(5, message(1, value));
    const context = decode('logs', logOf(keyValue(6, 'deep', value)));
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
    const context = decode('logs', logOf(keyValue(6, 'long', text(1, long))));
    const value = context.batch.logs[0]?.attributes.long;
    assert.ok(typeof value === 'string' && value.endsWith(TRUNCATION_MARK) && value.isWellFormed());
    assert.match(context.message(), /^cut 1 attribute_length$/);
  });

  test('attributes over the limit are dropped and counted on the record', () => {
    const many = Array.from({ length: OTLP_LIMITS.attributesPerRecord + 3 }, (_, index) =>
      keyValue(6, `k${index}`, varint(3, 1)),
    );
    const context = decode('logs', logOf(...many));
    assert.equal(context.batch.logs[0]?.attributes['otel.dropped_attributes_count'], 3);
    assert.equal(context.truncations.get('attribute_count'), 3);
  });

  test('wide values are cut', () => {
    const wide = message(5, ...Array.from({ length: OTLP_LIMITS.valueBreadth + 1 }, () => message(1)));
    const context = decode('logs', logOf(keyValue(6, 'wide', wide)));
    assert.equal(context.truncations.get('value_breadth'), 1);
  });

  test('records over the limit are rejected', () => {
    const records = Array.from({ length: OTLP_LIMITS.recordsPerRequest + 2 }, () => message(2));
    const context = decode('logs', message(1, message(2, ...records)));
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
        () => decode('traces', body),
        (error) => error instanceof MalformedOtlpError && rule.test(error.message),
      );
    });
  }

  test('doubles that are not finite arrive as words', () => {
    const context = decode('logs', logOf(keyValue(6, 'a', double(4, Number.NEGATIVE_INFINITY))));
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
