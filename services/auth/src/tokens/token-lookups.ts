import type { Queryable } from '../database/database.ts';
import { findTokensForVerdicts, type TokenForVerdict } from './token-repository.ts';

/** Finds the token a verdict is about; undefined when there is none with this id. */
export type FindToken = (tokenId: string) => Promise<TokenForVerdict | undefined>;

/** Most tokens asked for in one query. */
const maximumBatch = 100;

interface Lookup {
  readonly tokenId: string;
  readonly resolve: (token: TokenForVerdict | undefined) => void;
  readonly reject: (error: unknown) => void;
}

async function answer(database: Queryable, lookups: readonly Lookup[]): Promise<void> {
  try {
    const tokens = await findTokensForVerdicts(
      database,
      lookups.map(({ tokenId }) => tokenId),
    );
    const byId = new Map(tokens.map((token) => [token.id, token]));
    for (const { tokenId, resolve } of lookups) resolve(byId.get(tokenId));
  } catch (error) {
    for (const { reject } of lookups) reject(error);
  }
}

/**
 * Asks for the tokens of all verdicts that are wanted in the same turn of the event loop in one query: a service that
 * has fallen behind makes up for it with a few queries instead of one for each caller that waits. Nothing is remembered.
 */
export function batchedLookups(database: Queryable): FindToken {
  let waiting: Lookup[] = [];
  const flush = () => {
    const lookups = waiting;
    waiting = [];
    for (let start = 0; start < lookups.length; start += maximumBatch) {
      void answer(database, lookups.slice(start, start + maximumBatch));
    }
  };
  return (tokenId) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ tokenId, resolve, reject });
    });
}
