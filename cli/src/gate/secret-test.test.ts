import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSecretTest } from './secret-test.ts';

const secrets = createSecretTest(['password', 'api_key'], ['the-very-credential']);

const found: readonly (readonly [string, unknown, string])[] = [
  ['password', 'hunter2', 'password'],
  ['dbPassword', 'hunter2', 'dbPassword'],
  ['password', 4711, 'password'],
  ['details', { user: { api_key: 'k' } }, 'details.user.api_key'],
  ['details', [{ password: 'p' }], 'details.password'],
  ['msg', 'Authorization: Bearer abcdefghijkl', 'msg'],
  ['msg', 'sent the-very-credential along', 'msg'],
];
for (const [key, value, expected] of found) {
  test(`finds ${JSON.stringify({ [key]: value })}`, () => {
    assert.equal(secrets.inValue(key, value)?.key, expected);
  });
}

const harmless: readonly (readonly [string, unknown])[] = [
  ['password', '[REDACTED]'],
  ['password', ''],
  ['password', undefined],
  ['msg', 'Authorization: Bearer [REDACTED]'],
  ['route', '/v1/tokens/:tokenId'],
  ['status', 200],
];
for (const [key, value] of harmless) {
  test(`lets ${JSON.stringify({ [key]: value })} pass`, () => {
    assert.equal(secrets.inValue(key, value), undefined);
  });
}

test('a value that goes very deep does not end the test', () => {
  let value: unknown = 'end';
  for (let depth = 0; depth < 10_000; depth++) value = { inner: value };
  assert.equal(secrets.inValue('details', value), undefined);
});
