import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type ConversationStore, type ConversationTurn, TurnTooLargeError } from '../conversation-store.ts';

export interface StoreLimits {
  readonly turnLimitBytes: number;
  readonly ttlMs: number;
}

/** Opens an empty store that ends with the test. */
export type OpenStore = (context: TestContext, limits: StoreLimits) => Promise<ConversationStore>;

const lasting: StoreLimits = { turnLimitBytes: 10_000, ttlMs: 60_000 };

function turn(changes: Partial<ConversationTurn> = {}): ConversationTurn {
  return {
    responseId: 'resp_1',
    orgId: 'org-1',
    model: 'gpt-4o-mini',
    items: [
      { type: 'message', role: 'user', content: 'Grüße 👋' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello' }] },
    ],
    response: { id: 'resp_1', object: 'response' },
    createdUnixMs: 1_772_519_804_000,
    ...changes,
  };
}

/** What every store has to do, whatever keeps it. */
export function testStore(name: string, options: { open: OpenStore; skip?: string | false }): void {
  const { open, skip = false } = options;
  suite(name, { skip }, () => {
    test('gives back what was kept, unchanged', async (context) => {
      const store = await open(context, lasting);
      await store.create(turn());
      assert.deepEqual(await store.get({ orgId: 'org-1', responseId: 'resp_1' }), turn());
      assert.equal(await store.get({ orgId: 'org-1', responseId: 'resp_2' }), undefined);
    });

    test('the last of two with one id counts', async (context) => {
      const store = await open(context, lasting);
      await store.create(turn());
      await store.create(turn({ model: 'other' }));
      assert.equal((await store.get(turn()))?.model, 'other');
      assert.equal(await store.count(), 1);
    });

    test('keeps organisations apart', async (context) => {
      const store = await open(context, lasting);
      await store.create(turn());
      const foreign = { orgId: 'org-2', responseId: 'resp_1' };
      assert.equal(await store.get(foreign), undefined);
      assert.equal(await store.delete(foreign), false);
      assert.notEqual(await store.get(turn()), undefined);
    });

    test('finds a turn by each item of its answer, and for its organisation alone', async (context) => {
      const store = await open(context, lasting);
      const response = { id: 'resp_1', output: [{ id: 'rs_1' }, { id: 'msg_1' }, { type: 'without an id' }] };
      await store.create(turn({ response }));
      for (const itemId of ['rs_1', 'msg_1']) {
        assert.deepEqual(await store.findByItem({ orgId: 'org-1', itemId }), turn({ response }));
        assert.equal(await store.findByItem({ orgId: 'org-2', itemId }), undefined);
      }
      assert.equal(await store.findByItem({ orgId: 'org-1', itemId: 'resp_1' }), undefined);
      assert.equal(await store.count(), 1);
      await store.delete(turn());
      assert.equal(await store.findByItem({ orgId: 'org-1', itemId: 'msg_1' }), undefined);
    });

    test('deletes once, and counts what is there', async (context) => {
      const store = await open(context, lasting);
      await store.create(turn());
      await store.create(turn({ responseId: 'resp_2' }));
      assert.equal(await store.count(), 2);
      assert.equal(await store.delete(turn()), true);
      assert.equal(await store.delete(turn()), false);
      assert.equal(await store.get(turn()), undefined);
      assert.equal(await store.count(), 1);
    });

    test('forgets what has expired', async (context) => {
      const store = await open(context, { ...lasting, ttlMs: 1 });
      await store.create(turn());
      while ((await store.get(turn())) !== undefined) await delay(2);
      while ((await store.count()) !== 0) await delay(2);
      assert.equal(await store.delete(turn()), false);
    });

    test('takes no turn that is too large', async (context) => {
      const store = await open(context, { ...lasting, turnLimitBytes: 200 });
      await assert.rejects(() => store.create(turn()), TurnTooLargeError);
      assert.equal(await store.count(), 0);
    });
  });
}
