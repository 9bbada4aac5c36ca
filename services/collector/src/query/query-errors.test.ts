import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { components } from '@ibex/api/collector';
import fastify from 'fastify';
import { batch, log } from '../store/testing/records.ts';
import { temporaryStore } from '../store/testing/temporary-store.ts';
import { queryRoutes } from './query-routes.ts';
import { apiWithRequest, newApi, ok, problem, RANGE, TOKEN } from './testing/api.ts';

type Schemas = components['schemas'];

test('every wrong parameter is an error that names it, the rule, the value and the way out', async (context) => {
  const { app } = await newApi(context);
  const cases: [path: string, ...parts: (string | RegExp)[]][] = [
    ['/spans?servce=proxy', '"servce"', 'service, name, status'],
    ['/services?x=1', '"x"', 'takes none'],
    ['/spans?service=', "'service' must not be empty"],
    [`/spans?service=${'x'.repeat(201)}`, "'service' must have at most 200 characters: it has 201"],
    ['/spans?service=a&service=b', "'service' may be given once: it is given 2 times"],
    ['/spans?status=bad', "'status' must be one of unset, ok, error", '"bad"'],
    ['/spans?minDurationMs=-1', "'minDurationMs' must be a number from 0", '"-1"'],
    ['/spans?minDurationMs=1e400', "'minDurationMs'", '"1e400"'],
    [
      '/spans?minDurationMs=5&maxDurationMs=4',
      "'minDurationMs' must not be above 'maxDurationMs'",
      '5 and 4',
    ],
    ['/spans?attribute=novalue', "'attribute' must be of the form key=value", '"novalue"'],
    ['/spans?attribute=%3Dvalue', "'attribute' must be of the form key=value"],
    [
      `/spans?${'attribute=a%3Db&'.repeat(11)}`,
      "'attribute' may be given at most 10 times: it is given 11 times",
    ],
    ['/spans?rootOnly=yes', "'rootOnly' must be one of true, false", '"yes"'],
    ['/spans?limit=0', "'limit' must be a whole number from 1 to 1000", '"0"'],
    ['/spans?limit=1001', '"1001"'],
    ['/spans?limit=99999999999999999999999', "'limit'"],
    ['/spans?limit=1.5', "'limit' must be a whole number"],
    ['/spans?limit=1%20OR%201=1', "'limit' must be a whole number"],
    ['/spans?start=now', "'start' must be a whole number from 0", '"now"'],
    ['/spans?start=9999999999999999', "'start'"],
    ['/spans?start=10&end=10', "'start' must be before 'end': start is 10, end is 10"],
    ['/spans?cursor=abc', "'cursor' must be the nextCursor of the page before", '"abc"'],
    [`/spans?cursor=${'x'.repeat(201)}`, "'cursor' must have at most 200 characters"],
    ['/logs?level=LOUD', "'level' must be one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL"],
    ['/logs?traceId=ABC', "'traceId' must be 32 lower-case hex digits", '"ABC"'],
    ['/logs?spanId=0', "'spanId' must be 16 lower-case hex digits"],
    [`/logs?requestId=${'x'.repeat(65)}`, "'requestId' must have at most 64 characters"],
    [`/logs?text=${Array.from({ length: 21 }, (_, index) => index).join('+')}`, "'text' may have at most 20"],
    [
      '/logs/volume?start=0&end=100000000000&stepSeconds=1',
      "'stepSeconds'",
      'at most 11000 steps',
      /at least \d+/,
    ],
    ['/logs/volume?limit=5', '"limit"'],
    ['/metrics/1up/range', "'name' must be a metric name", '"1up"'],
    ['/metrics/up/range?function=avg', "'function' must be one of value, rate, increase, quantile"],
    ['/metrics/up/range?quantile=1', "'quantile' must lie between 0 and 1: it is 1"],
    ['/metrics/up/range?label=x', "'label' must be of the form key=value"],
    [`/metrics/up/range?${'by=a&'.repeat(6)}`, "'by' may be given at most 5 times"],
  ];
  for (const [path, ...parts] of cases) {
    const { statusCode, code, message } = await problem(app, path);
    assert.deepEqual([statusCode, code], [400, 'invalid_parameter'], `${path}: ${message}`);
    for (const part of parts) {
      assert.ok(
        typeof part === 'string' ? message.includes(part) : part.test(message),
        `${part} in: ${message}`,
      );
    }
  }
});

test('a cursor fits only the search it came from', async (context) => {
  const { app } = await apiWithRequest(context);
  const page = await ok<Schemas['SpanPage']>(app, `/spans?${RANGE}&limit=1`);
  const other = await problem(app, `/spans?service=auth&cursor=${page.nextCursor}`);
  assert.deepEqual([other.statusCode, other.code], [400, 'invalid_parameter']);
  assert.match(other.message, /'cursor' belongs to a search with other filters/);
  const asLogs = await problem(app, `/logs?cursor=${page.nextCursor}`);
  assert.equal(asLogs.statusCode, 400);
  const huge = Buffer.from(`1.00000000.0.1.${'9'.repeat(19)}.${'9'.repeat(19)}`).toString('base64url');
  assert.equal((await problem(app, `/spans?cursor=${huge}`)).statusCode, 400);
});

test('hostile values are values', async (context) => {
  const { app } = await apiWithRequest(context);
  for (const text of ["'; DROP TABLE spans; --", '%', '_', '\0', '{"a":1}', '"]}']) {
    const value = encodeURIComponent(text);
    for (const path of [
      `/spans?${RANGE}&service=${value}`,
      `/spans?${RANGE}&attribute=${encodeURIComponent(`${text}=${text}`)}`,
      `/logs?${RANGE}&text=${value}zzz`,
      `/logs?${RANGE}&requestId=${value}`,
      `/metrics/http_requests_total/range?${RANGE}&label=${encodeURIComponent(`${text}=x`)}&by=${value}`,
    ]) {
      const body = await ok<Record<string, unknown[]>>(app, path);
      assert.deepEqual(body.spans ?? body.logs ?? body.series, [], path);
    }
  }
  assert.equal((await ok<Schemas['SpanPage']>(app, `/spans?${RANGE}`)).spans.length, 5);
});

test('without the token there is nothing, not even which addresses exist', async (context) => {
  const { app } = await newApi(context);
  for (const authorization of [
    undefined,
    '',
    'Bearer',
    'Bearer wrong',
    `Basic ${TOKEN}`,
    `Bearer ${TOKEN}x`,
    TOKEN,
  ]) {
    for (const url of ['/api/v1/services', '/api/v1/nowhere']) {
      const reply = await app.inject({ url, headers: authorization === undefined ? {} : { authorization } });
      assert.equal(reply.statusCode, 401, `${url} ${authorization}`);
      assert.equal(reply.json<Schemas['Error']>().error.code, 'unauthorized');
      assert.match(String(reply.headers['www-authenticate']), /^Bearer/);
      assert.ok(!reply.body.includes(TOKEN));
    }
  }
  const nowhere = await problem(app, '/nowhere');
  assert.deepEqual([nowhere.statusCode, nowhere.code], [404, 'not_found']);
});

test('a token that protects nothing is refused', async (context) => {
  const store = await temporaryStore(context);
  const app = fastify();
  await assert.rejects(
    async () => app.register(queryRoutes, { store, queryToken: 'short' }),
    /IBEX_COLLECTOR_QUERY_TOKEN must have at least 16 characters: it has 5/,
  );
});

test('a closed store and a query that takes too long are answered with 503', async (context) => {
  const { app, store } = await newApi(context, { queryTimeoutMs: 1 });
  await store.append(
    batch({ logs: Array.from({ length: 20_000 }, () => log({ message: 'x'.repeat(300) })) }),
  );
  const slow = await problem(app, `/logs?${RANGE}&text=xxx`);
  assert.deepEqual([slow.statusCode, slow.code], [503, 'query_timeout']);
  assert.match(slow.message, /shorter time range/);
  await store.close();
  const closed = await problem(app, '/services');
  assert.deepEqual([closed.statusCode, closed.code], [503, 'store_closed']);
});
