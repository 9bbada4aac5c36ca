import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { components } from '@ibex/api/console';
import { adminToken, startConsole, type TestConsole } from '../testing/test-console.ts';

type Overview = components['schemas']['OpsOverview'];

const nowUnixMs = 1_700_000_000_000;
const requestsPath = '/api/v1/metrics/ibex_proxy_requests_total/range';
const durationPath = '/api/v1/metrics/ibex_proxy_request_duration_seconds/range';
const tokensPath = '/api/v1/metrics/provider_tokens_total/range';

function series(labels: Record<string, string>, values: (number | null)[]) {
  return {
    labels,
    points: values.map((value, index) => [nowUnixMs - (values.length - index) * 30_000, value]),
  };
}

function range(found: ReturnType<typeof series>[]) {
  const rest = { type: 'counter', unit: '', function: 'rate', stepSeconds: 30, truncated: false };
  return { body: { name: 'x', ...rest, series: found } };
}

/** Two requests a second, a quarter of them failing; 120 in the whole range. */
function giveTraffic(console: TestConsole): void {
  const { answers } = console.collector;
  const as = (url: URL) => url.searchParams.get('function');
  answers.set(requestsPath, (url) =>
    as(url) === 'increase'
      ? range([series({ status_code: '200' }, [90]), series({ status_code: '503' }, [30])])
      : range([
          series({ status_code: '200' }, [null, 1.5, 1.5]),
          series({ status_code: '429' }, [null, 0, 0.1]),
          series({ status_code: '503' }, [null, 0.5, 0.5]),
        ]),
  );
  answers.set(durationPath, (url) =>
    range([series({}, url.searchParams.get('stepSeconds') === '30' ? [null, 0.1, 0.3] : [0.2])]),
  );
  answers.set(tokensPath, (url) =>
    as(url) === 'increase'
      ? range([series({ type: 'input' }, [600]), series({ type: 'output' }, [60.4])])
      : range([series({ type: 'input' }, [0, 10, 10]), series({ type: 'output' }, [0, 1, 1])]),
  );
  answers.set('/api/v1/spans', { body: { spans: [failedSpan()], nextCursor: null } });
}

function failedSpan(overrides: Record<string, unknown> = {}) {
  return {
    ...{
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      parentSpanId: null,
      name: 'POST /v1/chat/completions',
    },
    ...{
      kind: 'server',
      serviceName: 'proxy',
      startTimeUnixNano: `${nowUnixMs - 5000}000000`,
      durationNano: 1,
    },
    ...{ status: 'error', statusMessage: 'what a caller wrote', httpStatusCode: 503, requestId: 'r' },
    ...{ traceSpanCount: 1, traceErrorCount: 1, traceServices: ['proxy'], ...overrides },
  };
}

async function overviewOf(console: TestConsole, query = ''): Promise<Overview> {
  console.clock.nowUnixMs = nowUnixMs;
  const headers = await console.login();
  const answer = await console.send(`/admin/ops/overview${query}`, { headers });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers['cache-control'], 'no-store');
  return answer.json<Overview>();
}

describe('the overview', () => {
  it('shows traffic of the API routes alone', async () => {
    await using console = await startConsole();
    giveTraffic(console);
    const overview = await overviewOf(console);
    assert.deepEqual(
      overview.throughput.points.map(([, value]) => value),
      [null, 2, 2.1],
    );
    assert.deepEqual(
      overview.errorRate.points.map(([, value]) => value),
      [null, 0.25, 0.5 / 2.1],
    );
    assert.deepEqual(
      overview.latencyP95Seconds.points.map(([, value]) => value),
      [null, 0.1, 0.3],
    );
    assert.deepEqual(
      overview.tokensPerMinute.points.map(([, value]) => value),
      [0, 660, 660],
    );
    assert.deepEqual(overview.totals, {
      ...{ requests: 120, errors: 30, errorRate: 0.25, latencyP95Seconds: 0.2 },
      ...{ inputTokens: 600, outputTokens: 60 },
    });
    for (const query of [requestsPath, durationPath].flatMap((path) => console.collector.queriesOf(path))) {
      const labels = query.getAll('label');
      assert.deepEqual(labels, [
        'route=/v1/chat/completions',
        'route=/v1/completions',
        'route=/v1/responses',
        'route=/v1/responses/:responseId',
        'route=/v1/embeddings',
        'route=/v1/messages',
        'route=/v1/messages/count_tokens',
        'route=/v1/models',
        'route=/v1/models/:model',
      ]);
    }
    assert.deepEqual(overview.telemetry, { backend: 'embedded', reachable: true, detail: '' });
    assert.equal(overview.generatedAtUnixMs, nowUnixMs);
    assert.equal(overview.rangeMinutes, 60);
    assert.equal(overview.health, 'healthy');
    assert.deepEqual(
      overview.services.map(({ name, state }) => `${name} ${state}`),
      ['collector healthy', 'console healthy'],
    );
  });

  it('asks for the range and step that fit', async () => {
    await using console = await startConsole();
    giveTraffic(console);
    await overviewOf(console, '?rangeMinutes=1440');
    const [chart, whole] = console.collector
      .queriesOf(tokensPath)
      .toSorted((left, right) => Number(left.get('stepSeconds')) - Number(right.get('stepSeconds')));
    const start = Math.floor((nowUnixMs - 1440 * 60_000) / 720_000) * 720_000;
    assert.equal(chart?.get('start'), String(start));
    assert.equal(chart?.get('end'), String(nowUnixMs));
    assert.equal(chart?.get('stepSeconds'), '720');
    assert.equal(chart?.get('function'), 'rate');
    assert.equal(whole?.get('stepSeconds'), String((nowUnixMs - start) / 1000));
    assert.equal(whole?.get('function'), 'increase');
  });

  it('names failed requests by span and status, without what callers wrote', async () => {
    await using console = await startConsole();
    giveTraffic(console);
    const secret = 'sk-1234567890abcdef';
    const spans = [
      failedSpan(),
      failedSpan({ name: `GET /${secret}/${'x'.repeat(500)}`, httpStatusCode: null }),
    ];
    console.collector.answers.set('/api/v1/spans', { body: { spans, nextCursor: null } });
    const { incidents } = await overviewOf(console);
    assert.deepEqual(incidents[0], {
      ...{ timeUnixMs: nowUnixMs - 5000, kind: 'failed_request', title: 'POST /v1/chat/completions 503' },
      ...{ serviceName: 'proxy', traceId: 'a'.repeat(32) },
    });
    assert.ok(!JSON.stringify(incidents).includes(secret));
    assert.ok(!JSON.stringify(incidents).includes('what a caller wrote'));
    assert.ok((incidents[1]?.title.length ?? 0) < 250);
    const [query] = console.collector.queriesOf('/api/v1/spans');
    assert.equal(query?.get('status'), 'error');
    assert.equal(query?.get('rootOnly'), 'true');
  });

  it('is empty, not broken, before the first request', async () => {
    await using console = await startConsole();
    console.collector.answers.set('/api/v1/spans', { body: { spans: [], nextCursor: null } });
    const overview = await overviewOf(console);
    assert.equal(overview.telemetry.reachable, true);
    assert.deepEqual(overview.throughput.points, []);
    assert.deepEqual(overview.totals, {
      ...{ requests: 0, errors: 0, errorRate: null, latencyP95Seconds: null },
      ...{ inputTokens: 0, outputTokens: 0 },
    });
    assert.deepEqual(overview.incidents, []);
  });

  it('still tells health when telemetry cannot be read', async () => {
    await using console = await startConsole();
    await console.collector.stop();
    const overview = await overviewOf(console);
    assert.equal(overview.telemetry.reachable, false);
    assert.match(overview.telemetry.detail, /cannot be reached .*IBEX_COLLECTOR_QUERY_URL/);
    assert.deepEqual(overview.throughput.points, []);
    assert.equal(overview.health, 'down');
    const collector = overview.services.find(({ name }) => name === 'collector');
    assert.equal(collector?.state, 'down');
    const own = overview.services.find(({ name }) => name === 'console');
    assert.equal(own?.state, 'degraded');
    assert.equal(own?.detail, 'not ready: collector');
    assert.deepEqual(overview.incidents.map(({ title }) => title).toSorted(), [
      'collector is down',
      'console is degraded',
    ]);
  });

  it('keeps what it could read when one query fails', async () => {
    await using console = await startConsole();
    giveTraffic(console);
    console.collector.answers.set('/api/v1/spans', { status: 500, body: 'broken' });
    const overview = await overviewOf(console);
    assert.equal(overview.totals.requests, 120);
    assert.equal(overview.telemetry.reachable, false);
    assert.deepEqual(overview.incidents, []);
  });

  it('tells services apart that are not ready, not there, and not ours', async () => {
    const server = createServer((request, response) => {
      const notReady = { redis: { state: 'not_ready', detail: 'refused redis://user:secret-word@x' } };
      const dependencies = { ...notReady, auth: { state: 'ready' } };
      const isProxy = request.headers.host?.startsWith('localhost') === true;
      response.writeHead(503, { 'content-type': 'application/json' });
      response.end(
        isProxy
          ? JSON.stringify({ status: 'not_ready', detail: 'it is stopping', dependencies })
          : 'Service Unavailable',
      );
    });
    server.listen(0);
    await once(server, 'listening');
    await using _ = { [Symbol.asyncDispose]: async () => void server.close() };
    const { port } = server.address() as AddressInfo;
    await using console = await startConsole({
      IBEX_CONSOLE_SERVICES: `proxy=http://localhost:${port},other=http://127.0.0.1:${port},gone=http://127.0.0.1:1`,
    });
    const { services, health, incidents } = await overviewOf(console);
    const [proxy, other, gone] = services;
    assert.equal(proxy?.state, 'degraded');
    assert.equal(proxy?.detail, 'not ready: it is stopping, redis');
    assert.deepEqual(
      proxy?.dependencies.map(({ name, state }) => `${name} ${state}`),
      ['redis down', 'auth healthy'],
    );
    assert.ok(!JSON.stringify(services).includes('secret-word'));
    assert.equal(other?.state, 'down');
    assert.equal(other?.detail, '/readyz answered 503');
    assert.equal(gone?.state, 'down');
    assert.match(gone?.detail ?? '', /^no answer: .*ECONNREFUSED/);
    assert.equal(health, 'down');
    assert.equal(incidents.filter(({ kind }) => kind === 'unhealthy_service').length, 3);
  });

  it('dates an unhealthy service by when it was first seen so', async () => {
    await using console = await startConsole({ IBEX_CONSOLE_SERVICES: 'gone=http://127.0.0.1:1' });
    await overviewOf(console);
    const headers = await console.login();
    console.clock.nowUnixMs = nowUnixMs + 30_000;
    const again = (await console.send('/admin/ops/overview', { headers })).json<Overview>();
    assert.equal(again.incidents[0]?.timeUnixMs, nowUnixMs);
    assert.equal(again.generatedAtUnixMs, nowUnixMs + 30_000);
  });

  it('says that sessions live on an old verdict while auth is down', async () => {
    await using console = await startConsole({ IBEX_CONSOLE_AUTH_GRACE_MS: '600000' });
    console.clock.nowUnixMs = nowUnixMs;
    const headers = await console.login(adminToken);
    console.auth.stop();
    console.clock.nowUnixMs += 60_000;
    const answer = await console.send('/admin/ops/overview', { headers });
    assert.equal(answer.status, 200);
    const own = answer.json<Overview>().services.find(({ name }) => name === 'console');
    const auth = own?.dependencies.find(({ name }) => name === 'auth');
    assert.equal(auth?.state, 'down');
    const end = new Date(nowUnixMs + 600_000).toISOString();
    assert.ok(
      auth?.detail.startsWith(`Sessions live on their last verdict, this one until ${end}.`),
      auth?.detail,
    );
  });
});
