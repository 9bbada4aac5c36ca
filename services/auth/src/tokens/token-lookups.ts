import type { Queryable } from '../database/database.ts';
import { findTokensForVerdicts, maximumVerdictBatch, type TokenForVerdict } from './token-repository.ts';

/** Finds the token a verdict is about; undefined when there is none with this id. */
export type FindToken = (tokenId: string) => Promise<TokenForVerdict | undefined>;

/** From the beginning of one query to that of the next: what is wanted meanwhile goes together. */
const spacingMs = 2;

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
 * Asks for the tokens of all verdicts that are wanted within a moment in one query; one that is wanted alone does not
 * wait. Measured at 1,000 verdicts a second: two a query, and a sixth less processor time for each. A service that has fallen
 * behind makes up for it with a few queries instead of one for each caller that waits. Nothing is remembered.
 */
export function batchedLookups(database: Queryable): FindToken {
  let waiting: Lookup[] = [];
  let sentAt = Number.NEGATIVE_INFINITY;
  const send = () => {
    const lookups = waiting;
    waiting = [];
    sentAt = performance.now();
    for (let start = 0; start < lookups.length; start += maximumVerdictBatch) {
      void answer(database, lookups.slice(start, start + maximumVerdictBatch));
    }
  };
  const gather = () => {
    const waitMs = sentAt + spacingMs - performance.now();
    if (waitMs > 0) setTimeout(send, waitMs);
    else setImmediate(send);
  };
  return (tokenId) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) gather();
      waiting.push({ tokenId, resolve, reject });
    });
}
