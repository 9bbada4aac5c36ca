import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { testHashKey } from '../testing/auth-process.ts';
import { TokenHasher } from './token-hash.ts';
import { createTokenText } from './token-text.ts';

describe('TokenHasher', () => {
  const hasher = new TokenHasher(testHashKey);
  const { text } = createTokenText();

  it('keeps HMAC-SHA256 of the whole text under its key', () => {
    const expected = createHmac('sha256', testHashKey).update(text).digest();
    assert.deepEqual(hasher.hash(text), expected);
    assert.notDeepEqual(new TokenHasher(`${testHashKey}!`).hash(text), expected);
  });

  it('matches only the very text', () => {
    const stored = hasher.hash(text);
    assert.ok(hasher.matches(text, stored));
    assert.ok(hasher.matches(text, Uint8Array.from(stored)), 'as the embedded database returns it');
    assert.ok(!hasher.matches(createTokenText().text, stored));
    assert.ok(!hasher.matches(`${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`, stored));
  });

  it('never matches a token that is not stored', () => {
    assert.ok(!hasher.matches(text, undefined));
  });
});
