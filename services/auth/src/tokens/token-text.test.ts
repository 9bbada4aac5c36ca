import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTokenText, tokenIdOf } from './token-text.ts';

describe('the text of a token', () => {
  it('carries its id and 256 random bits', () => {
    const { id, text } = createTokenText();
    assert.match(text, /^ibex_[a-z2-7]{16}_[A-Za-z0-9_-]{43}$/);
    assert.equal(tokenIdOf(text), id);
    assert.notEqual(createTokenText().text, text);
  });

  it('has no id unless it is whole', () => {
    const { text } = createTokenText();
    const broken = [
      '',
      text.slice(1),
      `${text}x`,
      `${text}\n`,
      ` ${text}`,
      text.toUpperCase(),
      'a'.repeat(1_000_000),
    ];
    for (const candidate of broken) assert.equal(tokenIdOf(candidate), undefined);
  });
});
