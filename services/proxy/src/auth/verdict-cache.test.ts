import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Judged, type LookupResult, TooManyLookupsError, VerdictCache } from './verdict-cache.ts';

interface Verdict {
  readonly id: string;
}

function cacheWith(maximumEntries = 100) {
  const lookups: LookupResult[] = [];
  const watch = { live: false };
  const cache = new VerdictCache<Verdict>({
    maximumEntries,
    onLookup: (result) => lookups.push(result),
    isWatched: () => watch.live,
  });
  return { cache, lookups, watch };
}

function judged(id: string, options: Partial<Judged<Verdict>> = {}): () => Promise<Judged<Verdict>> {
  return async () => ({ verdict: { id }, negative: false, ttlMs: 60_000, ...options });
}

function unexpected(): Promise<Judged<Verdict>> {
  throw new assert.AssertionError({ message: 'asked although the verdict was known' });
}

test('asks once, then remembers', async () => {
  const { cache, lookups } = cacheWith();
  assert.deepEqual(await cache.find('a', judged('1')), { id: '1' });
  assert.deepEqual(await cache.find('a', unexpected), { id: '1' });
  assert.deepEqual(lookups, ['miss', 'hit']);
});

test('equal questions at once share one answer', async () => {
  const { cache, lookups } = cacheWith();
  const gate = Promise.withResolvers<Judged<Verdict>>();
  const first = cache.find('a', () => gate.promise);
  const second = cache.find('a', unexpected);
  gate.resolve({ verdict: { id: '1' }, negative: false, ttlMs: 0 });
  assert.equal(await first, await second);
  assert.deepEqual(lookups, ['miss', 'coalesced']);
});

test('does not remember failures, nor what must not be remembered', async () => {
  const { cache, lookups } = cacheWith();
  await assert.rejects(
    cache.find('a', () => Promise.reject(new Error('down'))),
    /down/,
  );
  await cache.find('a', judged('1', { ttlMs: 0 }));
  await cache.find('a', judged('2', { ttlMs: 0 }));
  assert.deepEqual(lookups, ['miss', 'miss', 'miss']);
});

test('forgets when the time is up', async (context) => {
  context.mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 1_000_000 });
  const now = context.mock.method(performance, 'now', () => Date.now());
  const { cache, lookups } = cacheWith();
  await cache.find('a', judged('1', { ttlMs: 30_000 }));
  await cache.find('b', judged('2', { ttlMs: 30_000, negative: true }));
  context.mock.timers.tick(6_000);
  await cache.find('a', unexpected);
  await cache.find('b', judged('2', { negative: true }));
  context.mock.timers.tick(25_000);
  await cache.find('a', judged('1'));
  assert.deepEqual(lookups, ['miss', 'miss', 'hit', 'miss', 'stale']);
  assert.ok(now.mock.callCount() > 0);
});

test('a flood of refusals does not displace good verdicts', async () => {
  const { cache } = cacheWith(10);
  await cache.find('good', judged('1'));
  for (let index = 0; index < 1000; index += 1) {
    await cache.find(`bad-${index}`, judged('', { negative: true }));
  }
  assert.deepEqual(await cache.find('good', unexpected), { id: '1' });
});

test('bounds the questions that wait', async () => {
  const { cache } = cacheWith();
  const never = new Promise<Judged<Verdict>>(() => undefined);
  for (let index = 0; index < 1024; index += 1) void cache.find(`${index}`, () => never);
  await assert.rejects(
    cache.find('one more', () => never),
    TooManyLookupsError,
  );
});

test('trusts a verdict for longer while it is told of revocations', async (context) => {
  context.mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 1_000_000 });
  context.mock.method(performance, 'now', () => Date.now());
  const { cache, lookups, watch } = cacheWith();
  watch.live = true;
  await cache.find('a', judged('1', { ttlMs: 1_000, watchedTtlMs: 60_000 }));
  context.mock.timers.tick(30_000);
  await cache.find('a', unexpected);
  watch.live = false;
  await cache.find('a', judged('2', { ttlMs: 1_000, watchedTtlMs: 60_000 }));
  assert.deepEqual(await cache.find('a', unexpected), { id: '2' });
  assert.deepEqual(lookups, ['miss', 'hit', 'stale', 'hit']);
});

test('forgets what a revoked subject is about, and nothing else', async () => {
  const { cache, lookups } = cacheWith();
  await cache.find('a', judged('1', { subjects: ['token 1', 'organisation 1'] }));
  await cache.find('b', judged('2', { subjects: ['token 2', 'organisation 1'] }));
  await cache.find('c', judged('3', { subjects: ['token 3', 'organisation 2'] }));
  cache.forget('token 1');
  await cache.find('a', judged('1', { subjects: ['token 1', 'organisation 1'] }));
  await cache.find('b', unexpected);
  cache.forget('organisation 1');
  await cache.find('b', judged('2'));
  await cache.find('c', unexpected);
  cache.forgetAll();
  await cache.find('c', judged('3'));
  assert.deepEqual(lookups, ['miss', 'miss', 'miss', 'miss', 'hit', 'miss', 'hit', 'miss']);
});

test('asks again when a revocation crossed the answer', async () => {
  const { cache } = cacheWith();
  const gate = Promise.withResolvers<Judged<Verdict>>();
  const answers = [gate.promise, judged('after', { subjects: ['token 1'] })()];
  const found = cache.find('a', () => answers.shift() ?? unexpected());
  cache.forget('token 1');
  gate.resolve({ verdict: { id: 'before' }, negative: false, ttlMs: 60_000, subjects: ['token 1'] });
  assert.deepEqual(await found, { id: 'after' });
  assert.deepEqual(await cache.find('a', unexpected), { id: 'after' });
});

test('gives no answer rather than one that may be old', async () => {
  const { cache } = cacheWith();
  const revokedMeanwhile = async () => {
    cache.forget('token 1');
    return { verdict: { id: '1' }, negative: false, ttlMs: 60_000, subjects: ['token 1'] };
  };
  await assert.rejects(cache.find('a', revokedMeanwhile), /revoked 3 times while it was asked for/);
});

test('a failure is everybody’s who waits for it, and nobody’s afterwards', async () => {
  const { cache } = cacheWith();
  const gate = Promise.withResolvers<Judged<Verdict>>();
  const both = [cache.find('a', () => gate.promise), cache.find('a', unexpected)];
  gate.reject(new Error('down'));
  for (const result of await Promise.allSettled(both)) assert.equal(result.status, 'rejected');
  assert.deepEqual(await cache.find('a', judged('1')), { id: '1' });
});

test('stays within its bound, and drops what it knew about displaced verdicts', async () => {
  const { cache } = cacheWith(10);
  for (let index = 0; index < 1000; index += 1) {
    await cache.find(`${index}`, judged(`${index}`, { subjects: ['organisation 1', `token ${index}`] }));
  }
  await cache.find('999', unexpected);
  cache.forget('organisation 1');
  assert.deepEqual(await cache.find('999', judged('again')), { id: 'again' });
});
