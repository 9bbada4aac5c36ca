import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { components } from '@ibex/api/collector';
import fastify, { type FastifyInstance } from 'fastify';
import {
  batch,
  chatCompletionTrace,
  log,
  metadata,
  NOON_UNIX_MS,
  nano,
  sample,
} from '../store/testing/records.ts';
import { temporaryStore } from '../store/testing/temporary-store.ts';
import { queryRoutes } from './query-routes.ts';

type Schemas = components['schemas'];

const TOKEN = 'a-query-token-for-the-tests';
const RANGE = `start=${NOON_UNIX_MS}&end=${NOON_UNIX_MS + 60_000}`;

async function newApi(context: TestContext, options: Parameters<typeof temporaryStore>[1] = {}) {
  const store = await temporaryStore(context, options);
  const app = fastify({ routerOptions: { maxParamLength: 500 } });
  await app.register(queryRoutes, { store, queryToken: TOKEN });
  context.after(() => app.close());
  return { app, store };
}

async function get<Body>(app: FastifyInstance, path: string): Promise<{ statusCode: number; body: Body }> {
  const reply = await app.inject({ url: `/api/v1${path}`, headers: { authorization: `Bearer ${TOKEN}` } });
  return { statusCode: reply.statusCode, body: reply.json<Body>() };
}

async function ok<Body>(app: FastifyInstance, path: string): Promise<Body> {
  const { statusCode, body } = await get<Body>(app, path);
  assert.equal(statusCode, 200, JSON.stringify(body));
  return body;
}

async function problem(app: FastifyInstance, path: string) {
  const { statusCode, body } = await get<Schemas['Error']>(app, path);
  assert.deepEqual(Object.keys(body.error), ['code', 'message', 'requestId']);
  return { statusCode, ...body.error };
}

/** A failed request with its log lines and the metrics it moved. */
async function apiWithRequest(context: TestContext) {
  const { app, store } = await newApi(context);
  const trace = chatCompletionTrace();
  const { traceId, requestId, serverSpanId: spanId } = trace;
  const at = (offsetMs: number) => ({ timeUnixNano: nano(NOON_UNIX_MS + offsetMs), traceId, requestId });
  await store.append(
    batch({
      spans: trace.spans,
      logs: [
        log({ ...at(3), serviceName: 'auth', message: 'token accepted' }),
        log({ ...at(178), spanId, level: 'ERROR', message: 'upstream ended', attributes: { status: 502 } }),
      ],
      metadata: [metadata('http_requests_total', 'counter', 'Requests.')],
      samples: [0, 1, 2].map((index) =>
        sample('http_requests_total', {
          service: 'proxy',
          value: index * 30,
          unixMs: NOON_UNIX_MS + index * 15_000,
        }),
      ),
    }),
  );
  return { app, store, ...trace };
}

test('a trace by id, in the shape of the API', async (context) => {
  const { app, traceId, spans } = await apiWithRequest(context);
  const trace = await ok<Schemas['Trace']>(app, `/traces/${traceId}`);
  const { spans: found, ...about } = trace;
  assert.deepEqual(about, {
    traceId,
    startTimeUnixNano: nano(NOON_UNIX_MS).toString(),
    durationNano: 180_000_000,
    spanCount: 5,
    errorCount: 3,
    services: ['auth', 'proxy'],
    truncated: false,
  });
  const stream = found[3];
  assert.deepEqual(stream, {
    ...spans[3],
    startTimeUnixNano: nano(NOON_UNIX_MS + 6).toString(),
    durationNano: 172_000_000,
    events: [
      { timeUnixNano: nano(NOON_UNIX_MS + 60).toString(), name: 'first_chunk', attributes: { bytes: 120 } },
    ],
  });
  assert.equal(found[0]?.parentSpanId, null);

  const missing = await problem(app, '/traces/00000000000000000000000000000001');
  assert.deepEqual([missing.statusCode, missing.code, missing.requestId], [404, 'not_found', null]);
  const malformed = await problem(app, '/traces/XYZ');
  assert.deepEqual([malformed.statusCode, malformed.code], [400, 'invalid_parameter']);
  assert.match(malformed.message, /'traceId' must be 32 lower-case hex digits: it is "XYZ"/);
});

test('spans by filter, page by page', async (context) => {
  const { app, store, traceId, requestId } = await apiWithRequest(context);
  const root = await ok<Schemas['SpanPage']>(app, `/spans?${RANGE}&rootOnly=true&service=proxy&status=error`);
  assert.equal(root.nextCursor, null);
  assert.deepEqual(
    root.spans.map(
      ({ parentSpanId, httpStatusCode, requestId: id, traceSpanCount, traceErrorCount, traceServices }) => ({
        parentSpanId,
        httpStatusCode,
        id,
        traceSpanCount,
        traceErrorCount,
        traceServices,
      }),
    ),
    [
      {
        parentSpanId: null,
        httpStatusCode: 502,
        id: requestId,
        traceSpanCount: 5,
        traceErrorCount: 3,
        traceServices: ['auth', 'proxy'],
      },
    ],
  );
  const attribute = encodeURIComponent('gen_ai.request.model=echo');
  const byAttribute = await ok<Schemas['SpanPage']>(
    app,
    `/spans?${RANGE}&attribute=${attribute}&attribute=service.name%3Dproxy&minDurationMs=171.5`,
  );
  assert.deepEqual(
    byAttribute.spans.map(({ name }) => name),
    ['provider.generate_stream'],
  );

  const names: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Schemas['SpanPage'] = await ok(
      app,
      `/spans?limit=2&${cursor === '' ? RANGE : `cursor=${cursor}`}`,
    );
    names.push(...page.spans.map(({ name }) => name));
    cursor = page.nextCursor;
    await store.append(batch({ spans: chatCompletionTrace(NOON_UNIX_MS + 1000).spans }));
  }
  assert.equal(names.length, 5, 'pages keep to the range of the first and to what was older');
  assert.equal(
    new Set((await ok<Schemas['SpanPage']>(app, `/spans?${RANGE}`)).spans.map((one) => one.traceId)).has(
      traceId,
    ),
    true,
  );
});

test('logs by filter and their volume', async (context) => {
  const { app, traceId, requestId } = await apiWithRequest(context);
  const lines = await ok<Schemas['LogPage']>(app, `/logs?${RANGE}&requestId=${requestId}&traceId=${traceId}`);
  assert.deepEqual(
    lines.logs.map(({ message, level, spanId }) => [message, level, spanId === null]),
    [
      ['upstream ended', 'ERROR', false],
      ['token accepted', 'INFO', true],
    ],
  );
  const page = await ok<Schemas['LogPage']>(app, `/logs?${RANGE}&limit=1`);
  const rest = await ok<Schemas['LogPage']>(app, `/logs?limit=1&cursor=${page.nextCursor}`);
  assert.deepEqual([rest.logs[0]?.message, rest.nextCursor], ['token accepted', null]);
  const found = await ok<Schemas['LogPage']>(app, `/logs?${RANGE}&text=UPSTREAM%20502&level=WARN`);
  assert.equal(found.logs.length, 1);
  const volume = await ok<Schemas['LogVolume']>(app, `/logs/volume?${RANGE}&stepSeconds=30`);
  assert.deepEqual(volume, {
    stepSeconds: 30,
    buckets: [
      { timeUnixMs: NOON_UNIX_MS, counts: { INFO: 1, ERROR: 1 } },
      { timeUnixMs: NOON_UNIX_MS + 30_000, counts: {} },
    ],
  });
  const fine = await ok<Schemas['LogVolume']>(app, `/logs/volume?start=0&end=3600000`);
  assert.deepEqual([fine.stepSeconds, fine.buckets.length], [30, 120]);
});

test('services, metrics and a range', async (context) => {
  const { app } = await apiWithRequest(context);
  const { services } = await ok<Schemas['ServiceList']>(app, '/services');
  assert.deepEqual(
    services.map(({ name }) => name),
    ['auth', 'proxy'],
  );
  assert.deepEqual(await ok(app, '/metrics'), {
    metrics: [
      {
        name: 'http_requests_total',
        type: 'counter',
        unit: '',
        help: 'Requests.',
        labels: ['service'],
        services: ['proxy'],
      },
    ],
  });
  const range = await ok<Schemas['MetricRange']>(
    app,
    `/metrics/http_requests_total/range?${RANGE}&function=rate&by=service&label=service%3Dproxy&stepSeconds=15`,
  );
  assert.deepEqual(range, {
    name: 'http_requests_total',
    type: 'counter',
    unit: '',
    function: 'rate',
    stepSeconds: 15,
    truncated: false,
    series: [
      {
        labels: { service: 'proxy' },
        points: [0, 15, 30, 45].map((second, index) => [NOON_UNIX_MS + second * 1000, index < 2 ? 2 : null]),
      },
    ],
  });
  const unknown = await ok<Schemas['MetricRange']>(app, `/metrics/nobody_knows/range?${RANGE}`);
  assert.deepEqual(unknown.series, []);
});

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
