import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isIdentifier, isTokenIdentifier, randomIdentifier } from './identifiers.ts';

describe('identifiers', () => {
  it('are 16 characters of lower-case base32 and do not repeat', () => {
    const made = Array.from({ length: 2000 }, randomIdentifier);
    for (const identifier of made) assert.match(identifier, /^[a-z2-7]{16}$/);
    assert.equal(new Set(made).size, made.length);
    assert.equal(new Set(made.join('')).size, 32, 'every letter of the alphabet is used');
  });

  it('are told from other texts', () => {
    const identifier = randomIdentifier();
    assert.ok(isTokenIdentifier(identifier));
    assert.ok(isIdentifier('agent', `agent_${identifier}`));
    for (const text of [
      identifier,
      `user_${identifier}`,
      `agent_${identifier}x`,
      'agent_',
      "agent_' or 1=1 --",
    ]) {
      assert.ok(!isIdentifier('agent', text), text);
    }
  });
});
