import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { batch, chatCompletionTrace, NOON_UNIX_MS, nano, span } from './testing/records.ts';
import { temporaryStore } from './testing/temporary-store.ts';
import type { Equality, Position, SpanSearch, Store } from './types.ts';

const everything: SpanSearch = {
  startUnixMs: NOON_UNIX_MS - 1000,
  endUnixMs: NOON_UNIX_MS + 1000,
  attributes: [],
  rootOnly: false,
  limit: 100,
};

async function storeWithTrace(context: TestContext) {
  const store = await temporaryStore(context);
  const trace = chatCompletionTrace();
  await store.append(batch({ spans: trace.spans }));
  return { store, ...trace };
}

async function names(store: Store, changes: Partial<SpanSearch>): Promise<string[]> {
  const page = await store.searchSpans({ ...everything, ...changes });
  return page.rows.map((row) => row.name);
}

test('a root span comes with its request id, status code and the totals of its trace', async (context) => {
  const { store, traceId, serverSpanId, requestId } = await storeWithTrace(context);
  const page = await store.searchSpans({ ...everything, rootOnly: true });
  assert.deepEqual(page, {
    rows: [
      {
        traceId,
        spanId: serverSpanId,
        parentSpanId: '',
        name: 'POST /v1/chat/completions',
        kind: 'server',
        serviceName: 'proxy',
        startTimeUnixNano: nano(NOON_UNIX_MS),
        durationNano: 180_000_000n,
        status: 'error',
        statusMessage: '',
        httpStatusCode: 502,
        requestId,
        trace: { spanCount: 5, errorCount: 3, services: ['auth', 'proxy'] },
      },
    ],
    next: undefined,
  });
});

test('filters select by service, name, status and duration, newest first', async (context) => {
  const { store } = await storeWithTrace(context);
  const rpc = 'ibex.auth.v1.AuthService/ValidateToken';
  assert.deepEqual(await names(store, {}), [
    'POST',
    'provider.generate_stream',
    rpc,
    rpc,
    'POST /v1/chat/completions',
  ]);
  assert.deepEqual(await names(store, { service: 'auth' }), [rpc]);
  assert.deepEqual(await names(store, { name: 'POST' }), ['POST']);
  assert.deepEqual(await names(store, { status: 'unset' }), [rpc, rpc]);
  assert.deepEqual(await names(store, { minDurationNano: 4_000_000n, maxDurationNano: 170_000_000n }), [
    'POST',
    rpc,
  ]);
  assert.deepEqual(await names(store, { endUnixMs: NOON_UNIX_MS }), []);
  assert.deepEqual(await names(store, { startUnixMs: NOON_UNIX_MS, endUnixMs: NOON_UNIX_MS + 1 }), [
    'POST /v1/chat/completions',
  ]);
});

test('attributes are compared as text, in the span and in its resource', async (context) => {
  const { store } = await storeWithTrace(context);
  const count = async (...attributes: Equality[]) => (await names(store, { attributes })).length;
  assert.equal(await count({ key: 'http.response.status_code', value: '502' }), 1, 'a number');
  assert.equal(await count({ key: 'http.response.status_code', value: '200' }), 1, 'text');
  assert.equal(await count({ key: 'provider.stream', value: 'true' }), 1, 'a boolean');
  assert.equal(await count({ key: 'provider.tokens', value: '[12,34]' }), 1, 'a list');
  assert.equal(await count({ key: 'service.name', value: 'auth' }), 1, 'of the resource');
  assert.equal(await count({ key: 'db.pool/idle~now', value: '3' }), 1, 'a key with / and ~');
  const both = [
    { key: 'service.name', value: 'proxy' },
    { key: 'rpc.system', value: 'grpc' },
  ];
  assert.equal(await count(...both), 1, 'all must hold');
  assert.equal(await count({ key: 'gen_ai.request.model', value: 'ech' }), 0, 'not a part');
  assert.equal(await count({ key: 'missing', value: '' }), 0);
});

test('hostile text in a filter is only text', async (context) => {
  const { store } = await storeWithTrace(context);
  const hostile = [
    "'; DROP TABLE spans; --",
    "' OR '1'='1",
    '$."http.route"',
    '/http.route',
    '"',
    '\\',
    '\0',
    '%',
    '_',
    '*',
    '{1}',
    '$1',
    '\ud800',
  ];
  for (const text of hostile) {
    assert.deepEqual(await names(store, { service: text, name: text }), [], text);
    assert.deepEqual(await names(store, { attributes: [{ key: text, value: text }] }), [], text);
  }
  assert.equal((await names(store, {})).length, 5);
});

test('keys and values of any spelling are found as they were sent', async (context) => {
  const store = await temporaryStore(context);
  const keys = [
    "it's",
    'a "quoted" key',
    'back\\slash',
    '%',
    'emoji 🦌',
    '__proto__',
    '$.path',
    'a/b~c',
    '0',
  ];
  for (const key of keys) {
    const attributes = Object.fromEntries([[key, `${key} 100% _x_`]]);
    await store.append(batch({ spans: [span({ name: key, attributes })] }));
  }
  for (const key of keys) {
    assert.deepEqual(await names(store, { attributes: [{ key, value: `${key} 100% _x_` }] }), [key]);
  }
});

test('lone surrogates in attributes spoil neither their span nor a search over it', async (context) => {
  const store = await temporaryStore(context);
  const one = span({ attributes: { broken: 'a\ud800b', fine: 'yes', nested: { '\udc00': ['\ud800'] } } });
  await store.append(batch({ spans: [one] }));
  assert.equal((await names(store, { attributes: [{ key: 'fine', value: 'yes' }] })).length, 1);
  const trace = await store.getTrace(one.traceId);
  assert.deepEqual(trace?.spans[0]?.attributes, {
    broken: 'a\ufffdb',
    fine: 'yes',
    nested: { '\ufffd': ['\ufffd'] },
  });
});

test('pages neither repeat nor skip spans of one instant, also while newer ones arrive', async (context) => {
  const store = await temporaryStore(context);
  const sent = Array.from({ length: 25 }, (_, index) => span({ name: `span ${index}` }));
  await store.append(batch({ spans: sent }));
  const seen: string[] = [];
  let after: Position | undefined;
  do {
    const page = await store.searchSpans({ ...everything, limit: 4, after });
    seen.push(...page.rows.map((row) => row.name));
    after = page.next;
    const later = span({ name: 'later', startTimeUnixNano: nano(NOON_UNIX_MS) + 1n });
    await store.append(batch({ spans: [later] }));
  } while (after !== undefined);
  assert.deepEqual(seen, sent.map(({ name }) => name).reverse());
});
