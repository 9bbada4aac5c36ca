import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import { postgresPrograms, startPostgres } from '../../../../tests/src/support/postgres.ts';
import { skipWithout } from '../../../../tests/src/support/programs.ts';
import { freePort, startRedis } from '../testing/redis.ts';
import { createMemoryStore } from './memory/store.ts';
import { openPostgresStore } from './postgres/store.ts';
import { createRedisStore } from './redis/store.ts';
import { testStore } from './testing/store-suite.ts';

testStore('memory', {
  open: async (_context, limits) => createMemoryStore({ ...limits, limitBytes: 1_000_000 }),
});

testStore('redis', {
  skip: skipWithout('redis-server'),
  open: async (context, limits) => {
    const port = await freePort();
    await startRedis(context, port);
    const store = createRedisStore({ ...limits, client: new Redis(port, '127.0.0.1') });
    context.after(() => store.close());
    return store;
  },
});

testStore('postgres', {
  skip: skipWithout(...postgresPrograms),
  open: async (context, limits) => {
    const server = await startPostgres();
    context.after(() => server.dispose());
    const url = await server.createDatabase();
    const open = () => openPostgresStore({ ...limits, url, timeoutMs: 5_000, onLost: () => undefined });
    // As two proxies that start at once.
    const [store, other] = await Promise.all([open(), open()]);
    await other.close();
    context.after(() => store.close());
    return store;
  },
});

test('memory makes room for new turns by the ones used least recently', async () => {
  const store = createMemoryStore({ limitBytes: 4_000, turnLimitBytes: 2_000, ttlMs: 60_000 });
  const turn = (responseId: string) => ({
    ...{ responseId, orgId: 'org-1', model: 'm', response: {}, createdUnixMs: 0 },
    items: [{ text: 'x'.repeat(400) }],
  });
  for (let index = 0; index < 50; index += 1) {
    await store.create(turn(`resp_${index}`));
    assert.notEqual(await store.get(turn('resp_0')), undefined);
  }
  assert.ok((await store.count()) < 5);
  assert.equal(await store.get(turn('resp_1')), undefined);
  assert.notEqual(await store.get(turn('resp_49')), undefined);
});
