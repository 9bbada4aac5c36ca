import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ibexContract } from '@ibex/contract';
import { createSanitiser } from './sanitiser.ts';

const { sanitise, attribute, isSensitive } = createSanitiser(ibexContract.sensitiveKeys);
const hidden = '[REDACTED]';

describe('keys', () => {
  test('of the contract are recognised in any case and with any separator', () => {
    for (const key of ibexContract.sensitiveKeys) {
      const words = key.split('_');
      const camel = words.map((word, index) => (index === 0 ? word : word[0]?.toUpperCase() + word.slice(1)));
      const spellings = [
        ...[key, key.toUpperCase(), words.join('-'), words.join('.'), words.join(' '), words.join('')],
        ...[camel.join(''), `user.${key}`, `my_${key}`, `X-${words.join('-')}`],
      ];
      for (const spelling of spellings) assert.ok(isSensitive(spelling), spelling);
    }
  });

  test('that only resemble them are not', () => {
    const harmless = [
      'input_tokens',
      'token_count',
      'passwords_total',
      'key',
      'model',
      'idempotency_key_hash',
    ];
    for (const key of [...harmless, 'secretary', 'policy_key', 'cookie_banner', 'authorized', '']) {
      assert.equal(isSensitive(key), false, key);
    }
  });

  test('of any length are judged', () => {
    assert.ok(isSensitive(`${'x'.repeat(100_000)}_password`));
    assert.equal(isSensitive('x'.repeat(100_000)), false);
  });
});

describe('carriers', () => {
  test('a sensitive key is redacted at every depth and in every container', () => {
    const secret = { password: 'canary', nested: [{ accessToken: 'canary' }] };
    const carriers = {
      object: secret,
      list: [[secret]],
      map: new Map<unknown, unknown>([
        ['api_key', 'canary'],
        ['inner', secret],
      ]),
      set: new Set([secret]),
      error: Object.assign(new Error('x', { cause: secret }), secret),
      instance: new (class {
        readonly token = 'canary';
      })(),
      bare: Object.assign(Object.create(null), secret),
    };
    const text = JSON.stringify(sanitise(carriers));
    assert.equal(text.includes('canary'), false, text);
    assert.equal(text.split(hidden).length - 1, 16);
  });

  test('a value of any type under a sensitive key is redacted', () => {
    for (const value of ['x', 1, true, null, {}, [], 1n, new Date()]) {
      assert.deepEqual(sanitise({ token: value }), { token: hidden });
    }
  });

  test('a secret that is itself a key is redacted', () => {
    const key = 'sk-abcdefghijkl';
    assert.deepEqual(sanitise(new Map([[key, 1]])), { [hidden]: 1 });
    assert.deepEqual(sanitise({ [key]: 1 }), { [hidden]: 1 });
  });

  test('errors show name, message, stack, what was added, and their causes', () => {
    const cause = Object.assign(new TypeError('inner sk-abcdefghijkl'), { code: 'E_INNER' });
    const error = Object.assign(new Error('outer', { cause }), { status: 502 });
    const copy = sanitise(error) as Record<string, Record<string, unknown>>;
    assert.deepEqual(Object.keys(copy), ['name', 'message', 'stack', 'status', 'cause']);
    assert.equal(copy.cause?.message, `inner ${hidden}`);
    assert.equal(copy.cause?.code, 'E_INNER');
    assert.match(String(copy.stack), /^Error: outer\n/);
    const several = sanitise(new AggregateError([new Error('first')], 'all')) as {
      errors: { message: string }[];
    };
    assert.equal(several.errors[0]?.message, 'first');
  });

  test('values without a JSON form get a readable one', () => {
    const values = {
      date: new Date(0),
      never: new Date(Number.NaN),
      big: 12n,
      buffer: Buffer.from('secret'),
      bytes: new ArrayBuffer(8),
      run: () => 1,
      symbol: Symbol('x'),
      url: new URL('https://u:p@h/x?token=abc'),
      boxed: new String('sk-abcdefghijkl'),
      missing: undefined,
    };
    assert.deepEqual(sanitise(values), {
      date: '1970-01-01T00:00:00.000Z',
      never: null,
      big: '12',
      buffer: '[6 bytes]',
      bytes: '[8 bytes]',
      run: '[function]',
      symbol: '[symbol]',
      url: `https://${hidden}@h/x?token=${hidden}`,
      boxed: hidden,
      missing: undefined,
    });
  });
});

describe('hostile values', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const thrower = () => {
    throw new Error('trap');
  };
  const cases: readonly (readonly [string, unknown, unknown])[] = [
    ['a revoked proxy', { value: proxy }, { value: '[unreadable]' }],
    ['a revoked proxy at the top', proxy, '[unreadable]'],
    [
      'a proxy whose traps throw',
      new Proxy({}, { ownKeys: thrower, getPrototypeOf: thrower }),
      '[unreadable]',
    ],
    [
      'a getter that throws',
      Object.defineProperty({ a: 1 }, 'b', { get: thrower, enumerable: true }),
      { a: 1, b: '[unreadable]' },
    ],
    ['a toJSON that throws', { toJSON: thrower, a: 1 }, { toJSON: '[function]', a: 1 }],
    [
      'a Map that cannot be walked',
      Object.assign(new Map([['a', 1]]), { [Symbol.iterator]: thrower }),
      '[unreadable]',
    ],
    ['a key that cannot be a text', new Map([[Object.create(null), 1]]), { '[unreadable]': 1 }],
    ['a Date that throws', Object.assign(new Date(0), { toISOString: thrower }), '[unreadable]'],
  ];
  for (const [title, value, expected] of cases) {
    test(title, () => assert.deepEqual(sanitise(value), expected));
  }

  test('an own __proto__ key is shown and changes nothing', () => {
    const copy = sanitise(JSON.parse('{"__proto__":{"polluted":true,"password":"x"}}')) as object;
    assert.equal(JSON.stringify(copy), '{"__proto__":{"polluted":true,"password":"[REDACTED]"}}');
    assert.equal('polluted' in copy, false);
  });

  test('cycles end, and what is shared without a cycle is shown twice', () => {
    const shared = { a: 1 };
    const ring: Record<string, unknown> = { shared, again: shared };
    ring.self = ring;
    ring.list = [ring];
    assert.deepEqual(sanitise(ring), { shared, again: shared, self: '[circular]', list: ['[circular]'] });
  });

  test('depth, breadth and the whole are bounded', () => {
    let deep: unknown = 'end';
    for (let level = 0; level < 100_000; level++) deep = { deep };
    assert.ok(JSON.stringify(sanitise(deep)).includes('[too deep]'));
    const wide = sanitise(Array.from({ length: 250 }, (_, index) => index)) as unknown[];
    assert.deepEqual([wide.length, wide.at(-1)], [101, '[150 more]']);
    const fields = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`f${index}`, index]));
    assert.equal((sanitise(fields) as Record<string, unknown>)['…'], '[150 more]');
    // A hundred references to a hundred references …: 100^8 values in a few hundred objects.
    let shared: unknown = 'x';
    for (let level = 0; level < 8; level++) shared = Array.from({ length: 100 }, () => shared);
    assert.ok(JSON.stringify(sanitise(shared)).length < 5_000_000);
    const long = sanitise(Array.from({ length: 100 }, () => 'long '.repeat(3_000))) as string[];
    assert.ok(JSON.stringify(long).length < 300_000);
    assert.equal(long.at(-1), '[too long]');
  });

  test('nothing is changed in what is given', () => {
    const value = { password: 'x', list: [{ token: 'y' }], map: new Map([['secret', 'z']]) };
    const frozen = structuredClone(value);
    sanitise(Object.freeze(value));
    assert.deepEqual(value, frozen);
  });
});

describe('attributes', () => {
  test('are redacted by key and by text, also in lists', () => {
    assert.equal(attribute('http.request.header.authorization', 'Basic x'), hidden);
    assert.equal(attribute('note', 'sk-abcdefghijkl'), hidden);
    assert.deepEqual(attribute('list', ['a', 'sk-abcdefghijkl', 1, true]), ['a', hidden, 1, true]);
    assert.equal(attribute('count', 1.5), 1.5);
    assert.equal(attribute('flag', false), false);
  });

  test('that no type allows still come out as values', () => {
    const loose = (value: unknown) => attribute('x', value as string);
    assert.equal(loose(null), 'null');
    assert.equal(loose({ password: 'x' }), '{"password":"[REDACTED]"}');
    assert.equal(loose(12n), '"12"');
    assert.deepEqual(loose([null, { token: 'x' }]), ['null', '{"token":"[REDACTED]"}']);
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    assert.equal(loose(proxy), '[unreadable]');
  });
});
