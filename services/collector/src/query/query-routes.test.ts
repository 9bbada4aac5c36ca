import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { components } from '@ibex/api/collector';
import { batch, chatCompletionTrace, NOON_UNIX_MS, nano } from '../store/testing/records.ts';
import { apiWithRequest, ok, problem, RANGE } from './testing/api.ts';

type Schemas = components['schemas'];

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
