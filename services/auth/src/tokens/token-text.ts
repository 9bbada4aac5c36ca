import { randomBytes } from 'node:crypto';
import { randomIdentifier } from '../identifiers.ts';

/** `ibex_<16 characters: the id>_<43 characters: 256 random bits>`. */
const tokenTextPattern = /^ibex_([a-z2-7]{16})_[A-Za-z0-9_-]{43}$/;

/** A bearer token as its owner holds it. The text is shown once and stored nowhere. */
export interface TokenText {
  readonly id: string;
  readonly text: string;
}

export function createTokenText(): TokenText {
  const id = randomIdentifier();
  return { id, text: `ibex_${id}_${randomBytes(32).toString('base64url')}` };
}

/** The id inside a token's text; undefined when the text is not shaped like a token. */
export function tokenIdOf(text: string): string | undefined {
  return tokenTextPattern.exec(text)?.[1];
}
