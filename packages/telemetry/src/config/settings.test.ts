import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCertificates } from '../testing/certificates.ts';
import { ConfigError } from './config-error.ts';
import type { ObservabilityConfig } from './observability.ts';
import { readTelemetrySettings } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

function settingsOf(environment: Environment = {}, observability?: unknown) {
  return readTelemetrySettings({
    service: 'proxy',
    environment,
    observability: observability as ObservabilityConfig,
  });
}

/** The message of the error that these settings are. */
function errorOf(environment: Environment, observability?: unknown): string {
  try {
    settingsOf(environment, observability);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.message;
  }
  return 'no error';
}

const exporterOf = (environment: Environment, exporter?: object) =>
  settingsOf(environment, exporter === undefined ? undefined : { tracing: { exporter } }).exporter;

describe('without any setting', () => {
  test('one trace in a hundred is sampled, nothing is exported, lines are JSON from INFO on', () => {
    const { flightRecorder: _flightRecorder, ...settings } = settingsOf();
    assert.deepEqual(settings, {
      serviceName: 'proxy',
      deploymentEnvironment: 'development',
      sampler: { type: 'probability', ratio: 0.01 },
      exporter: { type: 'none' },
      exportQueue: { maximumSpans: 32_768, maximumBytes: 16_777_216 },
      boundaries: { inbound: undefined, listeners: new Map(), trustedHosts: [], baggageKeys: [] },
      metrics: { enabled: true, path: '/metrics' },
      log: { level: 'INFO', format: 'json' },
    });
  });
});

describe('precedence', () => {
  const block = {
    tracing: {
      service_name: 'llm-gateway',
      sampler: { type: 'probability', rate: 0.1 },
      exporter: {
        type: 'otlp',
        endpoint: 'block:4317',
        headers: { Authorization: 'block', 'x-own': 'kept' },
      },
    },
  };

  test('the block is used where no variable is set', () => {
    const { serviceName, sampler, exporter } = settingsOf({}, block);
    assert.equal(serviceName, 'llm-gateway');
    assert.deepEqual(sampler, { type: 'probability', ratio: 0.1 });
    assert.deepEqual(exporter, {
      type: 'otlp',
      protocol: 'grpc',
      address: 'block:4317',
      url: 'http://block:4317/v1/traces',
      insecure: true,
      headers: { authorization: 'block', 'x-own': 'kept' },
      compression: 'none',
      timeoutMs: 10_000,
      caFile: undefined,
      certificateFile: undefined,
      keyFile: undefined,
    });
  });

  test('a variable wins over the block', () => {
    const environment = {
      OTEL_SERVICE_NAME: 'edge',
      OTEL_SAMPLE_RATIO: '1',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'variable:4317',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x, x-tenant=a',
    };
    const { serviceName, sampler, exporter } = settingsOf(environment, block);
    assert.equal(serviceName, 'edge');
    assert.deepEqual(sampler, { type: 'probability', ratio: 1 });
    assert.ok(exporter.type === 'otlp');
    assert.equal(exporter.address, 'variable:4317');
    assert.deepEqual(exporter.headers, { authorization: 'Bearer x', 'x-own': 'kept', 'x-tenant': 'a' });
  });

  test('names fall back from OTEL to IBEX variables, then to the block, then to the service', () => {
    const nameOf = (environment: Environment, own?: object) => settingsOf(environment, own).serviceName;
    assert.equal(nameOf({ OTEL_SERVICE_NAME: 'a', IBEX_SERVICE_NAME: 'b' }, block), 'a');
    assert.equal(nameOf({ OTEL_SERVICE_NAME: ' ', IBEX_SERVICE_NAME: 'b' }, block), 'b');
    assert.equal(nameOf({}, block), 'llm-gateway');
    const deploymentOf = (environment: Environment) => settingsOf(environment).deploymentEnvironment;
    assert.equal(deploymentOf({ OTEL_DEPLOYMENT_ENVIRONMENT: 'staging', IBEX_ENV: 'production' }), 'staging');
    assert.equal(deploymentOf({ IBEX_ENV: 'production' }), 'production');
  });

  test('switches turn all, metrics or tracing off', () => {
    const all = settingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'x:1' }, { enabled: false });
    assert.deepEqual([all.exporter, all.metrics.enabled], [{ type: 'none' }, false]);
    assert.equal(settingsOf({}, { metrics: { enabled: false } }).metrics.enabled, false);
    const tracing = settingsOf({}, { tracing: { enabled: false, exporter: { endpoint: 'x:1' } } });
    assert.deepEqual([tracing.exporter, tracing.sampler], [{ type: 'none' }, { type: 'never' }]);
  });

  test('tables that are named and left empty are as if absent', () => {
    assert.deepEqual(
      settingsOf({}, { metrics: null, tracing: { sampler: null, exporter: null } }),
      settingsOf(),
    );
    assert.deepEqual(settingsOf({}, null), settingsOf());
  });
});

describe('the endpoint', () => {
  const cases = [
    ['localhost:4317', 'localhost:4317', 'http://localhost:4317/v1/traces', true],
    ['[::1]:4317', '[::1]:4317', 'http://[::1]:4317/v1/traces', true],
    ['http://collector:4317', 'collector:4317', 'http://collector:4317/v1/traces', true],
    ['http://collector', 'collector:4317', 'http://collector/v1/traces', true],
    ['https://collector.example', 'collector.example:443', 'https://collector.example/v1/traces', false],
    [
      'https://collector.example:4317/',
      'collector.example:4317',
      'https://collector.example:4317/v1/traces',
      false,
    ],
  ] as const;
  for (const [value, address, url, insecure] of cases) {
    test(`${value}`, () => {
      const exporter = exporterOf({ OTEL_EXPORTER_OTLP_ENDPOINT: value });
      assert.ok(exporter.type === 'otlp');
      assert.deepEqual([exporter.address, exporter.url, exporter.insecure], [address, url, insecure]);
    });
  }

  test('an empty variable turns the export off, whatever the block says', () => {
    assert.deepEqual(exporterOf({ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, { type: 'stdout' }), { type: 'none' });
  });

  test('uses TLS by default in production only', () => {
    const insecureIn = (IBEX_ENV: string, own: Environment = {}) => {
      const exporter = exporterOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317', IBEX_ENV, ...own });
      return exporter.type === 'otlp' && exporter.insecure;
    };
    assert.equal(insecureIn('staging'), true);
    assert.equal(insecureIn('production'), false);
    assert.equal(insecureIn('production', { OTEL_EXPORTER_OTLP_INSECURE: 'true' }), true);
  });

  test('has a kind: OTLP over gRPC or HTTP, standard output, none', () => {
    assert.deepEqual(exporterOf({}, { type: 'stdout' }), { type: 'stdout' });
    assert.deepEqual(exporterOf({}, { type: 'none', endpoint: 'x:1' }), { type: 'none' });
    const kindOf = (exporter: object, environment: Environment = {}) => {
      const settings = exporterOf(environment, exporter);
      return settings.type === 'otlp' ? [settings.protocol, settings.address] : settings.type;
    };
    assert.deepEqual(kindOf({ type: 'otlp' }), ['grpc', 'localhost:4317']);
    assert.deepEqual(kindOf({ type: 'otlp_grpc' }), ['grpc', 'localhost:4317']);
    assert.deepEqual(kindOf({ type: 'otlp_http' }), ['http', 'localhost:4318']);
    const overHttp = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' };
    assert.deepEqual(kindOf({ endpoint: 'x:1' }, overHttp), ['http', 'x:1']);
  });

  test('may be one for traces alone, which is taken as it is', () => {
    const exporter = exporterOf({
      OTEL_EXPORTER_OTLP_ENDPOINT: '',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example/own/path',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
    });
    assert.ok(exporter.type === 'otlp');
    assert.deepEqual([exporter.protocol, exporter.url], ['http', 'https://traces.example/own/path']);
    assert.match(
      errorOf({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'nowhere' }),
      /^OTEL_EXPORTER_OTLP_TRACES_ENDPOINT must be host:port/,
    );
  });

  test('has headers, compression and a time limit; those for traces win', () => {
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' };
    const common = {
      ...endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-own=common',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
      OTEL_EXPORTER_OTLP_TIMEOUT: '2500',
    };
    const shown = (environment: Environment) => {
      const exporter = exporterOf(environment);
      assert.ok(exporter.type === 'otlp');
      return [exporter.headers['x-own'], exporter.compression, exporter.timeoutMs];
    };
    assert.deepEqual(shown(endpoint), [undefined, 'none', 10_000]);
    assert.deepEqual(shown(common), ['common', 'none', 2_500]);
    const forTraces = {
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-own=traces',
      OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '300',
    };
    assert.deepEqual(shown({ ...common, ...forTraces }), ['traces', 'gzip', 300]);
    assert.equal(
      errorOf({ ...endpoint, OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '1.5' }),
      'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT must be a whole number of milliseconds from 1 to 600000: it is "1.5"',
    );
    assert.equal(
      errorOf({ ...endpoint, OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' }),
      'OTEL_EXPORTER_OTLP_COMPRESSION must be one of none, gzip: it is "zstd"',
    );
    assert.equal(
      errorOf({ IBEX_EXPORT_QUEUE_BYTES: '16MiB' }),
      'IBEX_EXPORT_QUEUE_BYTES must be a whole number of bytes from 65536 to 1073741824: it is "16MiB"',
    );
  });

  test('has TLS files, which are looked into at once', (context) => {
    const { caFile, keyFile, garbageFile, remove } = createCertificates();
    context.after(remove);
    const exporter = exporterOf(
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://x', OTEL_EXPORTER_OTLP_CERTIFICATE: caFile },
      { ca_file: '/nowhere', cert_file: caFile, key_file: keyFile },
    );
    assert.ok(exporter.type === 'otlp');
    assert.deepEqual(
      [exporter.caFile, exporter.certificateFile, exporter.keyFile],
      [caFile, caFile, keyFile],
    );
    const own = (fields: object) => ({ tracing: { exporter: { endpoint: 'x:1', ...fields } } });
    assert.equal(
      errorOf({}, own({ ca_file: '/nowhere/ca.pem' })),
      'observability.tracing.exporter.ca_file must be a readable file with a certificate in PEM: it is "/nowhere/ca.pem"',
    );
    assert.match(
      errorOf({}, own({ key_file: garbageFile })),
      /key_file must be a readable file with a private key/,
    );
    assert.match(
      errorOf({ OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: garbageFile }, own({})),
      /^OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE must be a readable file with a certificate in PEM/,
    );
    assert.equal(
      errorOf({ OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE: caFile }, own({})),
      'OTEL_EXPORTER_OTLP_CLIENT_KEY must be set where OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE is: it is (not shown)',
    );
  });
});
