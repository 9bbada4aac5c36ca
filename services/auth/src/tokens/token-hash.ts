import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';

/** Turns token texts into what is stored of them: HMAC-SHA256 under a key that is not in the database. */
export class TokenHasher {
  readonly #key: KeyObject;
  /** What the hash of an unknown token is compared with, so that unknown and known tokens take the same steps. */
  readonly #decoy = randomBytes(32);

  constructor(key: string) {
    this.#key = createSecretKey(key, 'utf8');
  }

  hash(text: string): Uint8Array {
    return createHmac('sha256', this.#key).update(text, 'utf8').digest();
  }

  /** Compares in constant time. `undefined` stands for a token that is not stored: the same work, and never a match. */
  matches(text: string, stored: Uint8Array | undefined): boolean {
    const equal = timingSafeEqual(this.hash(text), stored ?? this.#decoy);
    return equal && stored !== undefined;
  }
}
