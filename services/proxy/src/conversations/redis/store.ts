import type { Redis } from 'ioredis';
import { type ConversationStore, type ItemKey, itemIdsOf, type TurnKey } from '../conversation-store.ts';
import { readTurn, writeTurn } from '../turn-text.ts';

export interface RedisStoreOptions {
  readonly client: Redis;
  /** Most bytes of one turn. */
  readonly turnLimitBytes: number;
  /** How long a turn is kept. */
  readonly ttlMs: number;
}

/** When each turn expires, by its key: what is left of it after the expired ones were taken out is how many there are. */
const expiryIndex = 'ibex:conversations';

function keyOf({ orgId, responseId }: TurnKey): string {
  return `ibex:conversation:${orgId}:${responseId}`;
}

function itemKeyOf({ orgId, itemId }: ItemKey): string {
  return `ibex:conversation-item:${orgId}:${itemId}`;
}

/** Keeps conversations in Redis, for several proxies together; its `maxmemory` bounds them all. */
export function createRedisStore({ client, turnLimitBytes, ttlMs }: RedisStoreOptions): ConversationStore {
  async function find(key: string) {
    const text = await client.get(key);
    return text === null ? undefined : readTurn(text);
  }
  return {
    backend: 'redis',
    get: (key) => find(keyOf(key)),
    async findByItem(key) {
      const turnKey = await client.get(itemKeyOf(key));
      // Of a turn that was deleted the items stay until they expire, and lead nowhere.
      return turnKey === null ? undefined : find(turnKey);
    },
    async create(turn) {
      const text = writeTurn(turn, turnLimitBytes);
      const key = keyOf(turn);
      const { orgId } = turn;
      const commands = client
        .multi()
        .set(key, text, 'PX', ttlMs)
        .zadd(expiryIndex, Date.now() + ttlMs, key);
      for (const itemId of itemIdsOf(turn)) commands.set(itemKeyOf({ orgId, itemId }), key, 'PX', ttlMs);
      const results = await commands.exec();
      const failed = results?.find(([error]) => error !== null);
      if (failed !== undefined) throw failed[0];
    },
    async delete(key) {
      const name = keyOf(key);
      const results = await client.multi().del(name).zrem(expiryIndex, name).exec();
      return results?.[0]?.[1] === 1;
    },
    async count() {
      await client.zremrangebyscore(expiryIndex, 0, Date.now());
      return client.zcard(expiryIndex);
    },
    async close() {
      client.disconnect();
    },
  };
}
