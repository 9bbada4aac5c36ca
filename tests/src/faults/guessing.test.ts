import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { errorsOf } from './harness/answer.ts';
import { send } from './harness/client.ts';
import { type Gateway, startGateway } from './harness/gateway.ts';

const guesses = 30;
const echo = { model: 'echo' };

describe('somebody guesses tokens, from behind the same load balancer as everybody else', () => {
  let gateway: Gateway;

  before(async () => {
    const environment = { IBEX_TRUSTED_PROXIES: '127.0.0.0/8, ::1' };
    gateway = await startGateway({ environment, authEnvironment: environment });
  });
  after(() => gateway?.stop());

  const from = (address: string) => ({ 'x-forwarded-for': address });
  const chat = (address: string, token: string) => gateway.chat(echo, { token, headers: from(address) });
  /** Of the form of a token, and nobody's. */
  const wrong = (index: number) => `ibex_${'a'.repeat(14)}${'abcdefghij'[index % 10]}b_${'x'.repeat(43)}`;

  test('who guesses is refused and told for how long, wherever they say they come from', async () => {
    for (let index = 0; index < guesses; index += 1) {
      const { status } = await chat(`203.0.113.${index}, 198.51.100.1`, `${wrong(index)}${index}`);
      assert.equal(status, 401);
    }
    const refused = await chat('203.0.113.99, 198.51.100.1', 'one-more');
    assert.equal(refused.status, 429, refused.body);
    const [error] = errorsOf(refused);
    assert.equal(error?.code, 'too_many_attempts');
    const seconds = Number(refused.headers['retry-after']);
    assert.ok(seconds >= 1 && seconds <= 60);
    assert.match(error.message, new RegExp(`Try again in ${seconds} s\\.`));
  });

  test('nobody else is, also with tokens that were never seen before', async () => {
    assert.equal((await chat('198.51.100.2', await gateway.issueToken())).status, 200);
    assert.equal((await chat('2001:db8::1', await gateway.issueToken())).status, 200);
  });

  test('at the admin API neither', async () => {
    const list = (address: string, token: string) =>
      send(`${gateway.auth.address('http')}/v1/tokens`, {
        headers: { authorization: `Bearer ${token}`, ...from(address) },
      });
    for (let index = 0; index < guesses; index += 1) {
      assert.equal((await list('2001:db8:1:2::9', `other-${index}`)).status, 401);
    }
    const refused = await list('2001:db8:1:2:ffff::1', 'one-more');
    assert.equal(refused.status, 429, 'another address of the same network');
    assert.ok(Number(refused.headers['retry-after']) >= 1);
    assert.equal((await list('198.51.100.3', gateway.adminToken)).status, 200);
  });
});
