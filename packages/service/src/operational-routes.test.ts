import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { get, startServer } from './testing/start-server.ts';

describe('health', () => {
  test('/healthz says that the process answers', async (context) => {
    const { url } = await startServer(context);
    const { status, json } = await get(`${url}/healthz`);
    assert.deepEqual([status, json()], [200, { status: 'ok', service: 'proxy' }]);
  });

  test('/readyz names each dependency and its state', async (context) => {
    const { url } = await startServer(context, {
      dependencies: { database: async () => 'version 17', cache: async () => undefined },
    });
    const { status, json } = await get(`${url}/readyz`);
    assert.deepEqual(
      [status, json()],
      [
        200,
        {
          status: 'ready',
          dependencies: { database: { state: 'ready', detail: 'version 17' }, cache: { state: 'ready' } },
        },
      ],
    );
  });

  test('/readyz is 503 when one fails, throws or does not answer, and shows no secret', async (context) => {
    const { url } = await startServer(context, {
      dependencies: {
        good: async () => {},
        failing: async () => Promise.reject(new Error('connect to postgres://u:canary@db failed')),
        throwing: () => {
          throw new TypeError('at once');
        },
        several: async () =>
          Promise.reject(new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')])),
        silent: () => new Promise(() => {}),
      },
    });
    const { status, json } = await get(`${url}/readyz`);
    assert.equal(status, 503);
    assert.deepEqual(json(), {
      status: 'not_ready',
      dependencies: {
        good: { state: 'ready' },
        failing: { state: 'not_ready', detail: 'connect to postgres://[REDACTED]@db failed' },
        throwing: { state: 'not_ready', detail: 'at once' },
        several: { state: 'not_ready', detail: '::1 refused; 127.0.0.1 refused' },
        silent: { state: 'not_ready', detail: 'no answer within 2000 ms' },
      },
    });
  });

  test('/readyz is 503 from the moment the service stops, and no dependency is blamed', async (context) => {
    let stopping = false;
    const { url } = await startServer(context, {
      isStopping: () => stopping,
      dependencies: { database: async () => {} },
    });
    assert.equal((await get(`${url}/readyz`)).status, 200);
    stopping = true;
    const { status, json } = await get(`${url}/readyz`);
    assert.equal(status, 503);
    assert.deepEqual(json(), {
      status: 'not_ready',
      detail: 'it is stopping',
      dependencies: { database: { state: 'ready' } },
    });
  });

  test('without dependencies a service is ready', async (context) => {
    const { url } = await startServer(context);
    assert.deepEqual((await get(`${url}/readyz`)).json(), { status: 'ready', dependencies: {} });
  });
});

describe('metrics', () => {
  test('are in the format that is asked for', async (context) => {
    const { url } = await startServer(context);
    const types: (string | null)[] = [];
    for (const accept of ['*/*', 'application/openmetrics-text; version=1.0.0,text/plain;q=0.5']) {
      const answer = await fetch(`${url}/metrics`, { headers: { accept } });
      types.push(answer.headers.get('content-type'));
      assert.equal(answer.headers.get('vary'), 'accept');
      assert.equal((await answer.text()).endsWith('# EOF\n'), types.length === 2);
    }
    assert.deepEqual(types, [
      'text/plain; version=0.0.4; charset=utf-8',
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    ]);
  });

  test('are at /metrics in the text format, gauges set just before', async (context) => {
    let connections = 0;
    const server = await startServer(context, {
      onScrape: () => server.telemetry.metrics.gauge('ibex_proxy_active_connections').set({}, ++connections),
    });
    await get(`${server.url}/metrics`);
    const { status, text, headers } = await get(`${server.url}/metrics`);
    assert.equal(status, 200);
    assert.equal(headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    assert.match(text, /^ibex_proxy_active_connections 2$/m);
    assert.match(text, /^http_requests_total\{method="GET",path="\/metrics",status="200"\} 1$/m);
  });

  test('are where the configuration puts them, or nowhere', async (context) => {
    const moved = await startServer(context, { observability: { metrics: { path: '/internal/metrics' } } });
    assert.equal((await get(`${moved.url}/internal/metrics`)).status, 200);
    assert.equal((await get(`${moved.url}/metrics`)).status, 404);
    const off = await startServer(context, { observability: { metrics: { enabled: false } } });
    assert.equal((await get(`${off.url}/metrics`)).status, 404);
  });
});
