import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConfigError } from './config-error.ts';
import type { ObservabilityConfig } from './observability.ts';
import { readTelemetrySettings } from './settings.ts';

function errorOf(environment: Readonly<Record<string, string>>, observability?: unknown): ConfigError {
  try {
    readTelemetrySettings({
      service: 'proxy',
      environment,
      observability: observability as ObservabilityConfig,
    });
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error;
  }
  assert.fail('no error');
}

describe('a wrong variable is named with its rule and its value', () => {
  const endpoint = 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const cases: readonly (readonly [name: string, value: string, rest: string])[] = [
    ['OTEL_SAMPLE_RATIO', '2', 'a number between 0 and 1: it is "2"'],
    ['OTEL_SAMPLE_RATIO', '-0.1', 'a number between 0 and 1: it is "-0.1"'],
    ['OTEL_SAMPLE_RATIO', 'half', 'a number between 0 and 1: it is "half"'],
    ['IBEX_LOG_LEVEL', 'TRACE', 'one of DEBUG, INFO, WARN, ERROR: it is "TRACE"'],
    ['IBEX_LOG_FORMAT', 'xml', 'one of json, pretty: it is "xml"'],
    [endpoint, 'localhost', 'host:port or an http(s) URL, e.g. localhost:4317: it is "localhost"'],
    [
      endpoint,
      'localhost:99999',
      'host:port or an http(s) URL, e.g. localhost:4317: it is "localhost:99999"',
    ],
    [endpoint, 'ftp://x:1', 'host:port or an http(s) URL, e.g. localhost:4317: it is "ftp://x:1"'],
  ];
  for (const [name, value, rest] of cases) {
    test(`${name}=${value}`, () => {
      const error = errorOf({ [name]: value });
      assert.equal(error.message, `${name} must be ${rest}`);
      assert.equal(error.field, name);
    });
  }

  test('levels and formats are compared without case', () => {
    const { log } = readTelemetrySettings({
      service: 'proxy',
      environment: { IBEX_LOG_LEVEL: 'warn', IBEX_LOG_FORMAT: ' PRETTY ' },
      observability: undefined,
    });
    assert.deepEqual(log, { level: 'WARN', format: 'pretty' });
  });

  test('a wrong ratio is one also where tracing is off', () => {
    assert.equal(errorOf({ OTEL_SAMPLE_RATIO: 'x' }, { enabled: false }).field, 'OTEL_SAMPLE_RATIO');
  });
});

describe('a wrong field is named as it is written', () => {
  const cases: readonly (readonly [block: unknown, message: string])[] = [
    [[], 'observability must be a table: it is []'],
    ['yes', 'observability must be a table: it is "yes"'],
    [{ enabled: 'yes' }, 'observability.enabled must be true or false: it is "yes"'],
    [{ metrics: [] }, 'observability.metrics must be a table: it is []'],
    [{ tracing: { sampler: 1 } }, 'observability.tracing.sampler must be a table: it is 1'],
    [
      { tracing: { sampler: { type: 'sometimes' } } },
      'observability.tracing.sampler.type must be one of always, never, probability: it is "sometimes"',
    ],
    [
      { tracing: { sampler: { rate: 1.5 } } },
      'observability.tracing.sampler.rate must be a number between 0 and 1: it is 1.5',
    ],
    [
      { tracing: { exporter: { type: 'zipkin' } } },
      'observability.tracing.exporter.type must be one of otlp, otlp_grpc, otlp_http, stdout, none: it is "zipkin"',
    ],
    [
      { tracing: { service_name: '' } },
      'observability.tracing.service_name must be a text that is not empty: it is ""',
    ],
    [
      { metrics: { path: 'metrics' } },
      'observability.metrics.path must be a path that starts with /, other than /healthz and /readyz: it is "metrics"',
    ],
    [
      { metrics: { path: '/healthz' } },
      'observability.metrics.path must be a path that starts with /, other than /healthz and /readyz: it is "/healthz"',
    ],
    [
      { tracing: { exporter: { endpoint: 'nowhere' } } },
      'observability.tracing.exporter.endpoint must be host:port or an http(s) URL, e.g. localhost:4317: it is "nowhere"',
    ],
    [
      { metricz: {} },
      'observability.metricz must be absent (observability has the fields enabled, metrics, boundaries, tracing): it is (not shown)',
    ],
    [
      { tracing: { sampler: { ratio: 1 } } },
      'observability.tracing.sampler.ratio must be absent (observability.tracing.sampler has the fields type, rate): it is (not shown)',
    ],
    [
      JSON.parse('{"__proto__": {}}'),
      'observability.__proto__ must be absent (observability has the fields enabled, metrics, boundaries, tracing): it is (not shown)',
    ],
    [
      { constructor: 1 },
      'observability.constructor must be absent (observability has the fields enabled, metrics, boundaries, tracing): it is (not shown)',
    ],
  ];
  for (const [block, message] of cases) {
    test(message.slice(0, 70), () => assert.equal(errorOf({}, block).message, message));
  }
});

describe('an error shows no secret and is one line', () => {
  const endpoint = 'x:1';

  test('of wrong headers', () => {
    const wrong: readonly unknown[] = [
      { authorization: 'Bearer canary', count: 5 },
      ['canary'],
      { 'bad name': 'canary' },
      { 'x-data-bin': 'canary' },
      { authorization: 'canary\r\nX-Evil: 1' },
      { authorization: 'canary ünïcode' },
    ];
    for (const headers of wrong) {
      const { message, field } = errorOf({}, { tracing: { exporter: { endpoint, headers } } });
      assert.ok(field.startsWith('observability.tracing.exporter.headers'), field);
      assert.equal(message.includes('canary'), false, message);
      assert.equal(message.includes('\n'), false);
    }
    const { message } = errorOf({
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer x,canary',
    });
    assert.equal(
      message,
      'OTEL_EXPORTER_OTLP_HEADERS must be key=value pairs joined by commas: it is (not shown)',
    );
  });

  test('of a wrong endpoint with credentials', () => {
    const { message } = errorOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://user:canary@host' });
    assert.equal(message.includes('canary'), false, message);
  });

  test('of a table that is huge or contains itself', () => {
    const ring: Record<string, unknown> = {};
    ring.self = ring;
    assert.match(
      errorOf({}, { enabled: ring }).message,
      /^observability\.enabled must be true or false: it is \(a table that contains itself\)$/,
    );
    const huge = errorOf({}, { enabled: 'x'.repeat(100_000) }).message;
    assert.ok(huge.length < 300);
  });
});
