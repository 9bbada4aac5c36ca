import type { Queryable } from './database/database.ts';
import type { TokenHasher } from './tokens/token-hash.ts';
import { findTokensForVerdicts } from './tokens/token-repository.ts';
import { createTokenText } from './tokens/token-text.ts';
import { judgeToken } from './tokens/token-verdict.ts';

const verdictsPerConnection = 30;

/**
 * Gives verdicts on tokens nobody has, before anybody asks: connections are open then, statements planned and code
 * compiled. Without it the first callers after a start wait for all of it: tried at 1,000 verdicts a second.
 */
export async function warmUp(
  database: Queryable,
  { hasher, connections }: { hasher: TokenHasher; connections: number },
): Promise<void> {
  // Not batched: every connection is to have its share.
  const findToken = async (tokenId: string) => (await findTokensForVerdicts(database, [tokenId]))[0];
  for (let round = 0; round < verdictsPerConnection; round += 1) {
    const verdicts = Array.from({ length: connections }, () =>
      judgeToken(createTokenText().text, { findToken, hasher, now: new Date() }),
    );
    await Promise.all(verdicts);
  }
}
