import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { components } from '@ibex/api/console';
import { ServiceProcess } from './testing/service-process.ts';

type Schemas = components['schemas'];

const token = 'query-token-of-the-test';
const traceId = '0af7651916cd43dd8448eb211c80319c';
const loginCode = 'login-code-of-the-test';

describe('the console between the real auth and collector', () => {
  const stack = new AsyncDisposableStack();
  let auth: ServiceProcess;
  let collector: ServiceProcess;
  let console: ServiceProcess;
  let credentials: { admin_token: string; api_key: string };

  before(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ibex-console-'));
    stack.defer(() => rm(directory, { recursive: true, force: true }));
    const credentialsFile = join(directory, 'credentials.json');
    [auth, collector] = await Promise.all([
      ServiceProcess.start('auth', {
        IBEX_DATA_DIR: directory,
        IBEX_AUTH_HTTP_PORT: '0',
        IBEX_AUTH_GRPC_PORT: '0',
        IBEX_AUTH_TOKEN_HASH_KEY: 'a key that only tests ever use, of 40 chars',
        IBEX_AUTH_CACHE_TTL_MS: '50',
        IBEX_CREDENTIALS_FILE: credentialsFile,
      }),
      ServiceProcess.start('collector', {
        IBEX_DATA_DIR: directory,
        IBEX_COLLECTOR_OTLP_GRPC_PORT: '0',
        IBEX_COLLECTOR_OTLP_HTTP_PORT: '0',
        IBEX_COLLECTOR_QUERY_PORT: '0',
        IBEX_COLLECTOR_QUERY_TOKEN: token,
      }),
    ]);
    stack.use(auth);
    stack.use(collector);
    console = await ServiceProcess.start('console/bff', {
      IBEX_CONSOLE_PORT: '0',
      IBEX_AUTH_GRPC_ADDRESS: auth.address('grpc'),
      IBEX_COLLECTOR_QUERY_URL: `http://${collector.address('query')}`,
      IBEX_COLLECTOR_QUERY_TOKEN: token,
      IBEX_CONSOLE_SERVICES: `auth=http://${auth.address('http')},collector=http://${collector.address('query')}`,
      IBEX_CONSOLE_LOGIN_CODE: loginCode,
      IBEX_CREDENTIALS_FILE: credentialsFile,
    });
    stack.use(console);
    credentials = JSON.parse(await readFile(credentialsFile, 'utf8'));
  });
  after(() => stack.disposeAsync());

  const send = (path: string, init: RequestInit = {}) =>
    fetch(`http://${console.address('http')}${path}`, { redirect: 'manual', ...init });

  /** Logs in and returns the cookie. */
  async function login(withToken: string): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    const answer = await send('/api/session', {
      method: 'POST',
      headers,
      body: JSON.stringify({ token: withToken }),
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  }

  it('is ready when both are', async () => {
    const answer = await send('/readyz');
    assert.equal(answer.status, 200, await answer.text());
  });

  it('logs the administrator in with the one-time link, and nobody with it afterwards', async () => {
    const first = await send(`/login/${loginCode}`);
    assert.equal(first.headers.get('location'), '/admin/ops');
    const second = await send(`/login/${loginCode}`);
    assert.equal(second.headers.get('location'), '/login?reason=link_used');
  });

  it('shows a trace, its log line and its failure, once the collector has acknowledged them', async () => {
    await sendTelemetry(collector.address('otlp_http'));
    const cookie = await login(credentials.admin_token);
    const read = async <Body>(path: string) => {
      const answer = await send(path, { headers: { cookie } });
      assert.equal(answer.status, 200, `${path}: ${await answer.clone().text()}`);
      return (await answer.json()) as Body;
    };
    const trace = await read<Schemas['Trace']>(`/api/telemetry/traces/${traceId}`);
    assert.deepEqual(
      trace.spans.map(({ name }) => name),
      ['GET /report'],
    );
    assert.equal(trace.spans[0]?.attributes.api_key, '[REDACTED]');
    const logs = await read<Schemas['LogPage']>(`/api/telemetry/logs?traceId=${traceId}`);
    assert.deepEqual(
      logs.logs.map(({ message }) => message),
      ['report failed'],
    );
    const found = await read<Schemas['SpanPage']>(
      '/api/telemetry/spans?service=reports&status=error&rootOnly=true&attribute=http.route%3D%2Freport&limit=5',
    );
    assert.equal(found.spans[0]?.httpStatusCode, 500);
    const services = await read<Schemas['ServiceList']>('/api/telemetry/services');
    assert.ok(services.services.some(({ name }) => name === 'reports'));
    const volume = await read<Schemas['LogVolume']>(
      `/api/telemetry/logs/volume?traceId=${traceId}&stepSeconds=60`,
    );
    assert.equal(
      volume.buckets.reduce((count, { counts }) => count + (counts.ERROR ?? 0), 0),
      1,
    );
    await read<Schemas['MetricList']>('/api/telemetry/metrics');
    const overview = await read<Schemas['OpsOverview']>('/admin/ops/overview?rangeMinutes=5');
    assert.equal(overview.health, 'healthy');
    assert.equal(overview.telemetry.reachable, true, overview.telemetry.detail);
    const incident = overview.incidents.find((each) => each.traceId === traceId);
    assert.equal(incident?.title, 'GET /report 500');
  });

  it("keeps telemetry from a token that is no administrator's", async () => {
    const cookie = await login(credentials.api_key);
    assert.equal((await send('/api/session', { headers: { cookie } })).status, 200);
    assert.equal((await send('/api/telemetry/services', { headers: { cookie } })).status, 403);
    assert.equal((await send('/admin/ops/overview', { headers: { cookie } })).status, 403);
  });

  it('ends a session when its token is revoked', async () => {
    const authorization = { authorization: `Bearer ${credentials.admin_token}` };
    const headers = { ...authorization, 'content-type': 'application/json' };
    const tokens = `http://${auth.address('http')}/v1/tokens`;
    const body = JSON.stringify({ name: 'to be revoked', role: 'admin' });
    const issued = await fetch(tokens, { method: 'POST', headers, body });
    const { id, token: text } = (await issued.json()) as { id: string; token: string };
    const cookie = await login(text);
    assert.equal((await send('/api/session', { headers: { cookie } })).status, 200);
    const revoked = await fetch(`${tokens}/${id}`, { method: 'DELETE', headers: authorization });
    assert.equal(revoked.status, 204);
    for (let attempt = 0; (await send('/api/session', { headers: { cookie } })).status !== 401; attempt++) {
      assert.ok(attempt < 100, 'the session goes on');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

  it('says what is missing when the collector and auth are gone, and stops in order', async () => {
    const cookie = await login(credentials.admin_token);
    await collector.stop();
    const answer = await send('/api/telemetry/services', { headers: { cookie } });
    assert.equal(answer.status, 502);
    const { error } = (await answer.json()) as Schemas['Error'];
    assert.equal(error.code, 'telemetry_unreachable');
    await auth.stop();
    const overview = (await (
      await send('/admin/ops/overview', { headers: { cookie } })
    ).json()) as Schemas['OpsOverview'];
    assert.equal(overview.health, 'down');
    const own = overview.services.find(({ name }) => name === 'console');
    assert.match(own?.dependencies.find(({ name }) => name === 'auth')?.detail ?? '', /^Sessions live on/);
    const login503 = await send('/api/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: credentials.admin_token }),
    });
    assert.equal(login503.status, 503);
    await console.stop();
    assert.equal(console.exitCode, 0, console.output);
    assert.ok(!console.output.includes(credentials.admin_token));
    assert.ok(!console.output.includes(loginCode));
  });
});

it('does not start with a setting that cannot be used, and says which', async () => {
  const environment = { IBEX_COLLECTOR_QUERY_TOKEN: token, IBEX_CONSOLE_PORT: '80x' };
  await assert.rejects(
    ServiceProcess.start('console/bff', environment),
    /ibex console: IBEX_CONSOLE_PORT must be .*"80x"/,
  );
  const short = { IBEX_COLLECTOR_QUERY_TOKEN: 'short' };
  await assert.rejects(
    ServiceProcess.start('console/bff', short),
    /IBEX_COLLECTOR_QUERY_TOKEN must be at least 16/,
  );
});

/** A failed request as a service of somebody else would send it, over OTLP. */
async function sendTelemetry(address: string): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const resource = { attributes: [text('service.name', 'reports')] };
  const span = {
    ...{
      traceId,
      spanId: 'b7ad6b7169203331',
      name: 'GET /report',
      kind: 2,
      status: { code: 2, message: 'broken' },
    },
    ...{ startTimeUnixNano: String(now - 5_000_000n), endTimeUnixNano: String(now) },
    attributes: [
      text('http.route', '/report'),
      text('api_key', 'plain'),
      { key: 'http.response.status_code', value: { intValue: '500' } },
    ],
  };
  const log = {
    ...{
      timeUnixNano: String(now),
      severityNumber: 17,
      severityText: 'ERROR',
      body: { stringValue: 'report failed' },
    },
    ...{ traceId, spanId: 'b7ad6b7169203331' },
  };
  for (const [path, body] of [
    ['traces', { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }],
    ['logs', { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [log] }] }] }],
  ] as const) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`http://${address}/v1/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, 200, await answer.text());
  }
}
