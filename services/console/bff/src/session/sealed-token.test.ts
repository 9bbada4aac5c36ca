import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openToken, sealToken } from './sealed-token.ts';
import { SessionStore } from './session-store.ts';

const identity = {
  orgId: 'o',
  userId: null,
  role: 'admin',
  tokenExpiresAtUnixMs: null,
  trustedForMs: 1,
} as const;

describe('a sealed token', () => {
  it('opens with the session id alone', () => {
    const sealed = sealToken('the-token', 'session-id');
    assert.equal(openToken(sealed, 'session-id'), 'the-token');
    assert.ok(!sealed.toString('latin1').includes('the-token'));
    assert.throws(() => openToken(sealed, 'another-id'));
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    assert.throws(() => openToken(sealed, 'session-id'));
  });

  it('never looks the same twice', () => {
    assert.notDeepEqual(sealToken('the-token', 'session-id'), sealToken('the-token', 'session-id'));
  });
});

describe('SessionStore', () => {
  it('keeps so many sessions and no more, letting go of the one unused for longest', () => {
    const store = new SessionStore({ capacity: 3, idleMs: 1000, maximumMs: 1000, now: () => 0 });
    const [first, second] = [1, 2, 3].map(() => store.create(identity, 'token').id);
    assert.ok(store.find(first ?? ''));
    for (let count = 0; count < 2; count++) store.create(identity, 'token');
    assert.equal(store.size, 3);
    assert.ok(store.find(first ?? ''));
    assert.equal(store.find(second ?? ''), undefined);
  });
});
