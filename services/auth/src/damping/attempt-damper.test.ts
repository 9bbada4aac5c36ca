import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestTelemetry } from '@ibex/telemetry/testing';
import { createTokenText } from '../tokens/token-text.ts';
import { AttemptDamper, TooManyAttempts } from './attempt-damper.ts';

function damperOf() {
  return new AttemptDamper(startTestTelemetry('auth').telemetry);
}

/** The same id with another secret. */
function guess(token: string): string {
  return token.slice(0, -43) + createTokenText().text.slice(-43);
}

test('an address with many wrong tokens is refused until the minute is over, others are not', () => {
  const damper = damperOf();
  const attempt = () => ({ token: createTokenText().text, address: '192.0.2.1' });
  for (let index = 0; index < 30; index += 1) {
    damper.check(attempt());
    damper.record(attempt(), { right: false });
  }
  assert.throws(() => damper.check(attempt()), TooManyAttempts);
  damper.check({ ...attempt(), address: '192.0.2.2' });
  damper.check({ ...attempt(), address: '' });
  damper.check(attempt(), Date.now() + 61_000);
});

test('a token that is guessed at is refused from everywhere, but not to whom it belongs', () => {
  const damper = damperOf();
  const { text } = createTokenText();
  damper.record({ token: text, address: '192.0.2.1' }, { right: true });
  for (let index = 0; index < 10; index += 1) {
    damper.record({ token: guess(text), address: `198.51.100.${index}` }, { right: false });
  }
  assert.throws(() => damper.check({ token: guess(text), address: '203.0.113.9' }), /for this token/);
  damper.check({ token: text, address: '203.0.113.9' });
});

test('remembers a bounded number of addresses, the latest', () => {
  const damper = damperOf();
  const wrong = (address: string) => {
    for (let index = 0; index < 30; index += 1) {
      damper.record({ token: 'nonsense', address }, { right: false });
    }
  };
  wrong('192.0.2.1');
  assert.throws(() => damper.check({ token: 'nonsense', address: '192.0.2.1' }), /from your address/);
  for (let index = 0; index < 10_000; index += 1) {
    damper.record({ token: 'nonsense', address: `10.0.${index >> 8}.${index & 255}` }, { right: false });
  }
  damper.check({ token: 'nonsense', address: '192.0.2.1' });
});

test('takes an IPv6 network for one address, and what is no address for one client', () => {
  for (const addresses of [
    (index: number) => `2001:db8:1:2::${index}`,
    (index: number) => `10.0.0.1:${index}`,
  ]) {
    const damper = damperOf();
    const attempt = (index: number) => ({ token: createTokenText().text, address: addresses(index) });
    for (let index = 0; index < 30; index += 1) damper.record(attempt(index), { right: false });
    assert.throws(() => damper.check(attempt(31)), /from your address/);
  }
});
