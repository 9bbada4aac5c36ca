import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { batch, log, NOON_UNIX_MS, nano, newSpanId, newTraceId } from './testing/records.ts';
import { temporaryStore } from './testing/temporary-store.ts';
import type { LogSearch, Position, Store } from './types.ts';

const everything: LogSearch = {
  startUnixMs: NOON_UNIX_MS - 1000,
  endUnixMs: NOON_UNIX_MS + 60_000,
  phrases: [],
  limit: 100,
};

async function messages(store: Store, changes: Partial<LogSearch>): Promise<string[]> {
  const page = await store.searchLogs({ ...everything, ...changes });
  return page.rows.map((row) => row.message);
}

const traceId = newTraceId();
const spanId = newSpanId();

async function storeWithLines(context: TestContext) {
  const store = await temporaryStore(context);
  const lines = [
    log({ message: 'listening on 8080', level: 'DEBUG' }),
    log({
      message: 'Token refused',
      level: 'WARN',
      serviceName: 'auth',
      requestId: 'req-1',
      traceId,
      spanId,
    }),
    log({
      message: 'provider failed',
      level: 'ERROR',
      requestId: 'req-1',
      attributes: { provider: 'Echo "β"' },
    }),
    log({ message: '100% of tokens_used', level: 'INFO', attributes: { path: '/v1/a_b' } }),
  ];
  for (const [index, line] of lines.entries()) line.timeUnixNano += BigInt(index) * 1_000_000_000n;
  await store.append(batch({ logs: lines }));
  return store;
}

test('a line comes back as it was sent, with an id', async (context) => {
  const store = await temporaryStore(context);
  const line = log({
    traceId,
    spanId,
    requestId: 'req-9',
    attributes: { nested: { list: [1, null, true] } },
  });
  await store.append(batch({ logs: [line] }));
  const page = await store.searchLogs(everything);
  assert.deepEqual(page, { rows: [{ ...line, id: page.rows[0]?.id }], next: undefined });
  assert.match(page.rows[0]?.id ?? '', /^[0-9]+$/);
});

test('filters select by level and above, service, request, trace and span, newest first', async (context) => {
  const store = await storeWithLines(context);
  assert.deepEqual(await messages(store, {}), [
    '100% of tokens_used',
    'provider failed',
    'Token refused',
    'listening on 8080',
  ]);
  assert.deepEqual(await messages(store, { level: 'WARN' }), ['provider failed', 'Token refused']);
  assert.deepEqual(await messages(store, { service: 'auth' }), ['Token refused']);
  assert.deepEqual(await messages(store, { requestId: 'req-1' }), ['provider failed', 'Token refused']);
  assert.deepEqual(await messages(store, { traceId }), ['Token refused']);
  assert.deepEqual(await messages(store, { traceId, spanId: newSpanId() }), []);
});

test('words are found in any case, in the message or in an attribute; all must occur', async (context) => {
  const store = await storeWithLines(context);
  assert.deepEqual(await messages(store, { phrases: ['tOKEN'] }), ['100% of tokens_used', 'Token refused']);
  assert.deepEqual(await messages(store, { phrases: ['token', 'REFUSED'] }), ['Token refused']);
  assert.deepEqual(await messages(store, { phrases: ['echo "Β"'] }), ['provider failed']);
  assert.deepEqual(await messages(store, { phrases: ['/v1/a_b'] }), ['100% of tokens_used']);
});

test('%, _ and hostile text match themselves only', async (context) => {
  const store = await storeWithLines(context);
  assert.deepEqual(await messages(store, { phrases: ['%'] }), ['100% of tokens_used']);
  assert.deepEqual(await messages(store, { phrases: ['s_u'] }), ['100% of tokens_used']);
  assert.deepEqual(await messages(store, { phrases: ['n_o'] }), []);
  for (const text of ["'; DROP TABLE logs; --", "' OR ''='", '\\', '\0', '{1}']) {
    assert.deepEqual(await messages(store, { phrases: [text], requestId: text }), []);
  }
  assert.equal((await messages(store, {})).length, 4);
});

test('pages neither repeat nor skip lines of one instant', async (context) => {
  const store = await temporaryStore(context);
  const sent = Array.from({ length: 10 }, (_, index) => log({ message: `line ${index}` }));
  await store.append(batch({ logs: sent }));
  const seen: string[] = [];
  let after: Position | undefined;
  do {
    const page = await store.searchLogs({ ...everything, limit: 3, after });
    seen.push(...page.rows.map((row) => row.message));
    after = page.next;
  } while (after !== undefined);
  assert.deepEqual(seen, sent.map(({ message }) => message).reverse());
});

test('a page of huge lines ends early and goes on', async (context) => {
  const store = await temporaryStore(context);
  for (let index = 0; index < 50; index += 1) {
    await store.append(batch({ logs: [log({ message: `${index}`.padEnd(250_000, '.') })] }));
  }
  const first = await store.searchLogs(everything);
  assert.ok(first.rows.length > 0 && first.rows.length < 50, `${first.rows.length} lines`);
  const second = await store.searchLogs({ ...everything, after: first.next });
  assert.equal(first.rows.length + second.rows.length, 50);
  assert.equal(second.next, undefined);
});

test('volume counts lines by step and level, empty steps too', async (context) => {
  const store = await storeWithLines(context);
  const steps = await store.logVolume({
    startUnixMs: NOON_UNIX_MS,
    endUnixMs: NOON_UNIX_MS + 5_500,
    phrases: [],
    stepSeconds: 2,
  });
  assert.deepEqual(steps, [
    { timeUnixMs: NOON_UNIX_MS, counts: { DEBUG: 1, WARN: 1 } },
    { timeUnixMs: NOON_UNIX_MS + 2_000, counts: { INFO: 1, ERROR: 1 } },
    { timeUnixMs: NOON_UNIX_MS + 4_000, counts: {} },
  ]);
});

test('services are listed with the moment they were last heard of', async (context) => {
  const store = await storeWithLines(context);
  await store.append(
    batch({ logs: [log({ serviceName: 'clock-ahead', timeUnixNano: nano(Date.now() + 86_400_000) })] }),
  );
  const services = await store.listServices();
  assert.deepEqual(
    services.map(({ name }) => name),
    ['auth', 'clock-ahead', 'proxy'],
  );
  assert.equal(services[0]?.lastSeenUnixMs, Math.min(NOON_UNIX_MS + 1000, services[0]?.lastSeenUnixMs ?? 0));
  assert.ok((services[1]?.lastSeenUnixMs ?? Number.POSITIVE_INFINITY) <= Date.now());
  await store.close();
  const reopened = await temporaryStore(context, { directory: store.directory });
  assert.deepEqual(await reopened.listServices(), services);
});
