import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LogRecord, SpanRecord } from '../model.ts';
import { DeltaToCumulative } from '../processors/delta-to-cumulative.ts';
import { decodeRequest } from '../testing/decode-request.ts';
import {
  LOGS_JSON,
  LOGS_PROTOBUF,
  PARENT_ID,
  SPAN_ID,
  TRACE_ID,
  TRACES_JSON,
  TRACES_PROTOBUF,
} from '../testing/otlp-requests.ts';
import { bytes, keyValue, message, text, varint } from '../testing/protobuf-fields.ts';
import { decodeExport } from './decode.ts';

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
      const context = decodeRequest('traces', traces);
      assert.deepEqual(context.batch.spans, [SPAN]);
      assert.equal(context.message(), '');
    });

    test(`of a log record in ${encoding}`, () => {
      const context = decodeRequest('logs', logs);
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
    assert.deepEqual(decodeRequest('traces', JSON.parse(body)).batch.spans, [SPAN]);
  });

  test('and survives structured cloning', () => {
    const { batch } = decodeRequest('traces', TRACES_PROTOBUF);
    assert.deepEqual(structuredClone(batch).spans, [SPAN]);
  });
});

function logOf(...fields: Buffer[]): Buffer {
  return message(1, message(2, message(2, ...fields)));
}

describe('a log record', () => {
  test('without any time has the time of its arrival', () => {
    const [log] = decodeRequest('logs', logOf(message(5, text(1, 'x')))).batch.logs;
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
      assert.equal(decodeRequest('logs', logOf(text(3, severity))).batch.logs[0]?.level, level);
    });
  }

  test('with a structured body has it as JSON', () => {
    const body = message(5, message(6, keyValue(1, 'code', varint(3, 7))));
    assert.equal(decodeRequest('logs', logOf(body)).batch.logs[0]?.message, '{"code":7}');
  });

  test('with a broken trace context is kept without it, and that is counted', () => {
    const context = decodeRequest('logs', logOf(bytes(9, Buffer.alloc(3, 1)), bytes(10, Buffer.alloc(8, 1))));
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
      const context = decodeRequest('traces', {
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
      decodeRequest('traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }).batch.spans[0]
        ?.parentSpanId,
      '',
    );
  });
});
