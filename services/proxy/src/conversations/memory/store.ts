import { LRUCache } from 'lru-cache';
import {
  type ConversationStore,
  type ConversationTurn,
  type TurnKey,
  TurnTooLargeError,
} from '../conversation-store.ts';

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
    maxEntrySize: turnLimitBytes,
    sizeCalculation: (text, key) => 2 * (text.length + key.length),
    ttl: ttlMs,
  });
  return {
    backend: 'memory',
    async get(key) {
      const text = turns.get(keyOf(key));
      return text === undefined ? undefined : (JSON.parse(text) as ConversationTurn);
    },
    async create(turn) {
      const text = JSON.stringify(turn);
      const key = keyOf(turn);
      const bytes = 2 * (text.length + key.length);
      if (bytes > turnLimitBytes) throw new TurnTooLargeError(bytes, turnLimitBytes);
      turns.set(key, text);
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
