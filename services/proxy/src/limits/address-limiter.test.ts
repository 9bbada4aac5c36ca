import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AddressLimiter } from './address-limiter.ts';

test('lets as many requests of an address pass as the limit allows, each address by itself', () => {
  const limiter = new AddressLimiter(2);
  assert.equal(limiter.check('10.0.0.1'), undefined);
  assert.equal(limiter.check('10.0.0.1'), undefined);
  const waitMs = limiter.check('10.0.0.1') ?? 0;
  assert.ok(waitMs > 0 && waitMs <= 60_000);
  assert.equal(limiter.check('10.0.0.2'), undefined);
});

test('begins a new window after a minute', (context) => {
  let now = 5;
  context.mock.method(performance, 'now', () => now);
  const limiter = new AddressLimiter(1);
  limiter.check('10.0.0.1');
  assert.equal(limiter.check('10.0.0.1'), 60_000);
  now += 60_000;
  assert.equal(limiter.check('10.0.0.1'), undefined);
});

test('takes what is no address for one client', () => {
  const limiter = new AddressLimiter(1);
  assert.equal(limiter.check('10.0.0.1:51234'), undefined);
  assert.ok(limiter.check('x'.repeat(9_000)) !== undefined);
});

test('takes an IPv6 network for one address, and no limit for none', () => {
  const limiter = new AddressLimiter(1);
  assert.equal(limiter.check('2001:db8:1:2:3:4:5:6'), undefined);
  assert.ok(limiter.check('2001:db8:1:2::99') !== undefined);
  assert.equal(limiter.check('2001:db8::5'), undefined);
  assert.ok(limiter.check('2001:db8::6:7') !== undefined);
  assert.equal(limiter.check('::1'), undefined);
  assert.equal(limiter.check('::ffff:10.0.0.1'), undefined);
  assert.equal(limiter.check('::ffff:10.0.0.2'), undefined);
  const unlimited = new AddressLimiter(0);
  for (let index = 0; index < 100; index += 1) assert.equal(unlimited.check('10.0.0.1'), undefined);
});
