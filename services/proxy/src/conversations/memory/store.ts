import { LRUCache } from 'lru-cache';
import type { ConversationStore, TurnKey } from '../conversation-store.ts';
import { readTurn, writeTurn } from '../turn-text.ts';

export interface MemoryStoreOptions {
  /** Most bytes of all turns together; the ones used least recently make room. */
  readonly limitBytes: number;
  /** Most bytes of one turn. */
  readonly turnLimitBytes: number;
  /** How long a turn is kept. */
  readonly ttlMs: number;
}

function keyOf({ orgId, responseId }: TurnKey): string {
  return `${orgId}\n${responseId}`;
}

/** Keeps conversations in this process, for as long as it runs and as far as its memory is meant for them. */
export function createMemoryStore({
  limitBytes,
  turnLimitBytes,
  ttlMs,
}: MemoryStoreOptions): ConversationStore {
  // As text: its size is known, and nobody can change it.
  const turns = new LRUCache<string, string>({
    maxSize: limitBytes,
    sizeCalculation: (text, key) => 2 * (text.length + key.length),
    ttl: ttlMs,
  });
  return {
    backend: 'memory',
    async get(key) {
      const text = turns.get(keyOf(key));
      return text === undefined ? undefined : readTurn(text);
    },
    async create(turn) {
      turns.set(keyOf(turn), writeTurn(turn, turnLimitBytes));
    },
    async delete(key) {
      return turns.delete(keyOf(key));
    },
    async count() {
      turns.purgeStale();
      return turns.size;
    },
    async close() {
      turns.clear();
    },
  };
}
