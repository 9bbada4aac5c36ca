import type { Redis } from 'ioredis';
import type { ConversationStore, TurnKey } from '../conversation-store.ts';
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

/** Keeps conversations in Redis, for several proxies together; its `maxmemory` bounds them all. */
export function createRedisStore({ client, turnLimitBytes, ttlMs }: RedisStoreOptions): ConversationStore {
  return {
    backend: 'redis',
    async get(key) {
      const text = await client.get(keyOf(key));
      return text === null ? undefined : readTurn(text);
    },
    async create(turn) {
      const text = writeTurn(turn, turnLimitBytes);
      const key = keyOf(turn);
      const results = await client
        .multi()
        .set(key, text, 'PX', ttlMs)
        .zadd(expiryIndex, Date.now() + ttlMs, key)
        .exec();
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
