import { LRUCache } from 'lru-cache';
import { type ConversationStore, type ItemKey, itemIdsOf, type TurnKey } from '../conversation-store.ts';
import { readTurn, writeTurn } from '../turn-text.ts';

export interface MemoryStoreOptions {
  /** Most bytes of all turns together; the ones used least recently make room. */
  readonly limitBytes: number;
  /** Most bytes of one turn. */
  readonly turnLimitBytes: number;
  /** How long a turn is kept. */
  readonly ttlMs: number;
}

interface KeptTurn {
  readonly text: string;
  readonly itemKeys: readonly string[];
}

function keyOf({ orgId, responseId }: TurnKey): string {
  return `${orgId}\n${responseId}`;
}

function itemKeyOf({ orgId, itemId }: ItemKey): string {
  return `${orgId}\n${itemId}`;
}

/** Keeps conversations in this process, for as long as it runs and as far as its memory is meant for them. */
export function createMemoryStore({
  limitBytes,
  turnLimitBytes,
  ttlMs,
}: MemoryStoreOptions): ConversationStore {
  // As text: its size is known, and nobody can change it.
  const turns = new LRUCache<string, KeptTurn>({
    maxSize: limitBytes,
    sizeCalculation: ({ text, itemKeys }, key) =>
      2 * (text.length + key.length + itemKeys.reduce((length, itemKey) => length + itemKey.length, 0)),
    ttl: ttlMs,
    dispose: ({ itemKeys }, key) => {
      for (const itemKey of itemKeys) if (turnOfItem.get(itemKey) === key) turnOfItem.delete(itemKey);
    },
  });
  /** The keys of turns by the keys of their items; no more than the turns that are kept have. */
  const turnOfItem = new Map<string, string>();
  const find = (key: string) => {
    const kept = turns.get(key);
    return kept === undefined ? undefined : readTurn(kept.text);
  };
  return {
    backend: 'memory',
    async get(key) {
      return find(keyOf(key));
    },
    async findByItem(key) {
      const turnKey = turnOfItem.get(itemKeyOf(key));
      return turnKey === undefined ? undefined : find(turnKey);
    },
    async create(turn) {
      const { orgId } = turn;
      const key = keyOf(turn);
      const itemKeys = itemIdsOf(turn).map((itemId) => itemKeyOf({ orgId, itemId }));
      turns.set(key, { text: writeTurn(turn, turnLimitBytes), itemKeys });
      // A turn that is larger than all memory is not kept at all.
      if (turns.has(key)) for (const itemKey of itemKeys) turnOfItem.set(itemKey, key);
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
