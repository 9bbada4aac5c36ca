import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Secrets } from '../secrets/secrets.ts';
import { readUpSettings } from '../settings/up-settings.ts';
import { environmentOf } from './environment.ts';
import { type ServiceName, serviceNames } from './services.ts';

const secrets: Secrets = {
  tokenHashKeyFile: '/data/secrets/token-hash-key',
  queryTokenFile: '/data/secrets/query-token',
  loginCodeFile: '/data/secrets/login-code',
  loginCode: 'code',
};

function environment(service: ServiceName, inherited: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const settings = readUpSettings({ IBEX_DATA_DIR: '/data', IBEX_PROXY_PORT: '9000', ...inherited }, '/');
  return environmentOf(service, { settings, secrets, inherited, compileCacheDirectory: '/cache' });
}

/** The services whose environment has the variable. */
function whoHas(variable: string, inherited: NodeJS.ProcessEnv = {}): ServiceName[] {
  return serviceNames.filter((name) => environment(name, inherited)[variable] !== undefined);
}

test('every service reports to the collector, on 127.0.0.1, in the same environment', () => {
  for (const name of serviceNames) {
    const { IBEX_HOST, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_DEPLOYMENT_ENVIRONMENT } = environment(name);
    assert.deepEqual(
      [IBEX_HOST, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_DEPLOYMENT_ENVIRONMENT],
      ['127.0.0.1', '127.0.0.1:4317', 'development'],
    );
  }
});

test('every trace is recorded unless the user or the configuration file says otherwise', () => {
  assert.equal(environment('proxy').IBEX_DEFAULT_SAMPLE_RATIO, '1');
  assert.equal(environment('proxy').OTEL_SAMPLE_RATIO, undefined);
  assert.equal(environment('proxy', { OTEL_SAMPLE_RATIO: '0.01' }).OTEL_SAMPLE_RATIO, '0.01');
});

test('callers are believed, since all of it is on one machine, unless the user says otherwise', () => {
  for (const name of serviceNames) assert.equal(environment(name).IBEX_DEFAULT_TRUST_INBOUND, 'accept');
  const settings = { IBEX_TRUST_INBOUND: 'restart', IBEX_TRUSTED_HOSTS: 'llm.internal' };
  for (const [name, value] of Object.entries(settings)) {
    assert.equal(environment('proxy', settings)[name], value);
  }
});

test('every service hears from the collector which traces are kept', () => {
  for (const name of serviceNames) {
    assert.equal(environment(name).IBEX_KEEP_BUS_URL, 'http://127.0.0.1:4318');
  }
  assert.deepEqual(whoHas('IBEX_KEEP_BUS_TOKEN', { IBEX_KEEP_BUS_TOKEN: 'x' }), serviceNames);
});

test('every service writes JSON lines and stops when its parent is gone', () => {
  for (const name of serviceNames) {
    assert.equal(environment(name, { IBEX_LOG_FORMAT: 'pretty' }).IBEX_LOG_FORMAT, 'json');
    assert.equal(environment(name).IBEX_STOP_ON_STDIN_END, 'true');
  }
});

test('the proxy stops without a delay unless the user wants one', () => {
  assert.deepEqual(whoHas('IBEX_PROXY_DRAIN_DELAY_MS'), ['proxy']);
  assert.equal(environment('proxy').IBEX_PROXY_DRAIN_DELAY_MS, '0');
  const settings = { IBEX_PROXY_DRAIN_DELAY_MS: '500' };
  assert.equal(environment('proxy', settings).IBEX_PROXY_DRAIN_DELAY_MS, '500');
});

test('the collector scrapes all four, the console watches the other three', () => {
  assert.equal(
    environment('collector').IBEX_COLLECTOR_SCRAPE_TARGETS,
    'collector=http://127.0.0.1:8082/metrics,auth=http://127.0.0.1:8081/metrics,proxy=http://127.0.0.1:9000/metrics,console=http://127.0.0.1:8090/metrics',
  );
  assert.equal(
    environment('console').IBEX_CONSOLE_SERVICES,
    'proxy=http://127.0.0.1:9000,auth=http://127.0.0.1:8081,collector=http://127.0.0.1:8082',
  );
});

test('each secret is named to those who need it and nobody else', () => {
  assert.deepEqual(whoHas('IBEX_AUTH_TOKEN_HASH_KEY_FILE'), ['auth']);
  assert.deepEqual(whoHas('IBEX_COLLECTOR_QUERY_TOKEN_FILE'), ['collector', 'console']);
  assert.deepEqual(whoHas('IBEX_CONSOLE_LOGIN_CODE_FILE'), ['console']);
  assert.deepEqual(whoHas('IBEX_CREDENTIALS_FILE'), ['auth', 'console']);
});

const userSecrets: readonly (readonly [string, readonly ServiceName[]])[] = [
  ['OPENAI_API_KEY', ['proxy']],
  ['MY_PROVIDER_KEY', ['proxy']],
  ['GITHUB_TOKEN', ['proxy']],
  ['AWS_SECRET_ACCESS_KEY', ['proxy']],
  ['REDIS_URL', ['proxy']],
  ['DATABASE_URL', ['auth']],
  ['PGPASSWORD', ['auth']],
  ['npm_config_registry', []],
  ['OTEL_SERVICE_NAME', []],
  ['IBEX_PROXY_METRICS_PORT', []],
  ['IBEX_PROXY_REUSE_PORT', []],
  ['IBEX_SERVICE_NAME', []],
  ['OTEL_EXPORTER_OTLP_HEADERS', []],
  ['HOME', serviceNames],
  ['IBEX_LOG_LEVEL', serviceNames],
];
for (const [variable, services] of userSecrets) {
  test(`the user's ${variable} goes to ${services.join(', ') || 'nobody'}`, () => {
    assert.deepEqual(whoHas(variable, { [variable]: 'x' }), services);
  });
}

test('a secret the user gave is used in place of ours', () => {
  const inherited = { IBEX_AUTH_TOKEN_HASH_KEY: 'given', IBEX_COLLECTOR_QUERY_TOKEN_FILE: '/given' };
  assert.deepEqual(whoHas('IBEX_AUTH_TOKEN_HASH_KEY', inherited), ['auth']);
  assert.deepEqual(whoHas('IBEX_AUTH_TOKEN_HASH_KEY_FILE', inherited), []);
  for (const name of ['collector', 'console'] as const) {
    assert.equal(environment(name, inherited).IBEX_COLLECTOR_QUERY_TOKEN_FILE, '/given');
  }
});
