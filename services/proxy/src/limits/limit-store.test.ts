import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Redis } from 'ioredis';
import { skipWithout } from '../../../../tests/src/support/programs.ts';
import { freePort, startRedis } from '../testing/redis.ts';
import type { LimitStore, Wanted } from './limit-store.ts';
import { MemoryLimitStore } from './memory-store.ts';
import { RedisLimitStore } from './redis-store.ts';
import type { LimitSubject } from './subjects.ts';

type Limits = Partial<
  Pick<LimitSubject, 'requestsPerMinute' | 'tokensPerMinute' | 'concurrentRequests' | 'kind'>
>;

function subject(id: string, limits: Limits): LimitSubject {
  return {
    kind: 'organisation',
    id,
    orgId: 'org-1',
    key: `ibex:proxy:limit:{org-1}:organisation:${id}`,
    requestsPerMinute: 0,
    tokensPerMinute: 0,
    concurrentRequests: 0,
    monthlyTokenBudget: 0,
    monthlyCostBudgetMicros: 0,
    ...limits,
  };
}

function wanted(subjects: readonly LimitSubject[], changes: Partial<Wanted> = {}): Wanted {
  return { subjects, tokens: 10, lease: undefined, ...changes };
}

interface StoreKind {
  readonly name: string;
  readonly skip: string | false;
  open(context: TestContext): Promise<LimitStore>;
}

const kinds: readonly StoreKind[] = [
  { name: 'memory', skip: false, open: async () => new MemoryLimitStore() },
  {
    name: 'redis',
    skip: skipWithout('redis-server'),
    open: async (context) => {
      const port = await freePort();
      await startRedis(context, port);
      const client = new Redis(port, '127.0.0.1');
      const store = new RedisLimitStore(client);
      context.after(() => {
        store.close();
        client.disconnect();
      });
      return store;
    },
  },
];

for (const { name, skip, open } of kinds) {
  test(`${name}: refuses the request beyond the limit and says how long to wait`, {
    skip,
  }, async (context) => {
    const store = await open(context);
    const asked = wanted([subject('a', { requestsPerMinute: 2 })]);
    const first = await store.take(asked);
    assert.equal(Math.ceil(first.used[0]?.requests ?? 0), 1);
    assert.equal((await store.take(asked)).refusal, undefined);
    const { refusal } = await store.take(asked);
    assert.equal(refusal?.thing, 'requests');
    const waitMs = refusal?.waitMs ?? 0;
    assert.ok(waitMs > 1000 && waitMs <= 30_000, `${waitMs}`);
  });

  test(`${name}: looks at all subjects and counts none when one refuses`, { skip }, async (context) => {
    const store = await open(context);
    const wide = subject('wide', { requestsPerMinute: 10 });
    const narrow = subject('narrow', { requestsPerMinute: 1 });
    await store.take(wanted([wide, narrow]));
    for (let index = 0; index < 3; index += 1) {
      assert.equal((await store.take(wanted([wide, narrow]))).refusal?.subject.id, 'narrow');
    }
    const { used } = await store.take(wanted([wide]));
    assert.equal(Math.ceil(used[0]?.requests ?? 0), 2);
  });

  test(`${name}: reserves tokens and settles them, in either direction`, { skip }, async (context) => {
    const store = await open(context);
    const subjects = [subject('a', { tokensPerMinute: 1000 })];
    const reserved = wanted(subjects, { tokens: 900 });
    assert.equal((await store.take(reserved)).refusal, undefined);
    const { refusal } = await store.take(reserved);
    assert.deepEqual([refusal?.thing, refusal?.waitMs !== undefined], ['tokens', true]);
    await store.settle({ ...reserved, actualTokens: 50 });
    assert.equal((await store.take(reserved)).refusal, undefined);
    await store.settle({ ...reserved, actualTokens: 3000 });
    const debt = await store.take(wanted(subjects, { tokens: 1 }));
    assert.ok((debt.refusal?.waitMs ?? 0) > 100_000, 'what was used beyond the limit is worked off');
    assert.equal((await store.take(wanted(subjects, { tokens: 0 }))).refusal, undefined);
    const never = await store.take(wanted(subjects, { tokens: 1001 }));
    assert.deepEqual([never.refusal?.thing, never.refusal?.waitMs], ['tokens', undefined]);
  });

  test(`${name}: gives each lease a place, once, until it is settled`, { skip }, async (context) => {
    const store = await open(context);
    const subjects = [subject('a', { concurrentRequests: 2 })];
    const one = wanted(subjects, { lease: 'one' });
    await store.take(one);
    await store.take(wanted(subjects, { lease: 'two' }));
    const full = await store.take(wanted(subjects, { lease: 'three' }));
    assert.deepEqual([full.refusal?.thing, full.refusal?.used], ['concurrency', 2]);
    await store.settle({ ...one, actualTokens: 10 });
    await store.settle({ ...one, actualTokens: 10 });
    assert.equal((await store.take(wanted(subjects, { lease: 'four' }))).refusal, undefined);
    assert.equal((await store.take(wanted(subjects, { lease: 'five' }))).refusal?.thing, 'concurrency');
  });

  test(`${name}: lets no more through at once than the limit`, { skip }, async (context) => {
    const store = await open(context);
    const subjects = [subject('a', { requestsPerMinute: 50, concurrentRequests: 20 })];
    const taken = await Promise.all(
      Array.from({ length: 100 }, (_, index) => store.take(wanted(subjects, { lease: `lease-${index}` }))),
    );
    assert.equal(taken.filter(({ refusal }) => refusal === undefined).length, 20);
  });
}

test('memory: a bucket empties evenly', () => {
  let now = 0;
  const store = new MemoryLimitStore(() => now);
  const asked = wanted([subject('a', { requestsPerMinute: 60 })]);
  for (let index = 0; index < 60; index += 1) assert.equal(store.take(asked).refusal, undefined);
  assert.equal(store.take(asked).refusal?.waitMs, 1000);
  now = 1000;
  assert.equal(store.take(asked).refusal, undefined);
  assert.equal(store.take(asked).refusal?.waitMs, 1000);
  now = 200_000;
  assert.equal(store.take(asked).used[0]?.requests, 1);
});

test('redis: the places of a gateway that died become free', {
  skip: skipWithout('redis-server'),
}, async (context) => {
  const port = await freePort();
  await startRedis(context, port);
  const client = new Redis(port, '127.0.0.1');
  const store = new RedisLimitStore(client);
  context.after(() => {
    store.close();
    client.disconnect();
  });
  const asked = subject('a', { concurrentRequests: 1 });
  await store.take(wanted([asked], { lease: 'dead' }));
  assert.equal((await store.take(wanted([asked], { lease: 'next' }))).refusal?.thing, 'concurrency');
  const life = await client.pttl(`${asked.key}:places`);
  assert.ok(life > 0 && life <= 60_000, `${life}`);
  // As when the life of the lease is over.
  await client.zadd(`${asked.key}:places`, 1, 'dead');
  assert.equal((await store.take(wanted([asked], { lease: 'next' }))).refusal, undefined);
});
