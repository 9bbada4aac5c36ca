import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { acceptRequestId, createRequestId } from './request-id.ts';

const uuid = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f])([0-9a-f]{3})-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{12}$/;

/** The Unix milliseconds in the first 48 bits. */
function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

describe('a new request id', () => {
  test('has the fields of a UUIDv7 (RFC 9562)', () => {
    for (let index = 0; index < 10_000; index++) {
      const match = uuid.exec(createRequestId());
      assert.ok(match);
      assert.equal(match[3], '7', 'version');
      assert.match(match[5] ?? '', /^[89ab]$/, 'variant');
    }
  });

  test('carries the time it was made', () => {
    const id = createRequestId();
    // Ids run ahead of the clock by a millisecond for each 2,048 made in one.
    assert.ok(Math.abs(timeOf(id) - Date.now()) < 1_000);
  });

  test('is never made twice, and sorts in the order of making', () => {
    const ids = Array.from({ length: 200_000 }, createRequestId);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(ids.toSorted(), ids);
  });

  test('has random bits in every place that is free', () => {
    const ids = Array.from({ length: 2_000 }, createRequestId);
    for (const position of [19, 20, 21, 22, ...Array.from({ length: 12 }, (_, index) => 24 + index)]) {
      const digits = new Set(ids.map((id) => id[position]));
      assert.equal(digits.size, position === 19 ? 4 : 16, `digit ${position}`);
    }
  });

  test('is one that would be accepted', () => assert.ok(acceptRequestId(createRequestId())));
});

describe("a caller's request id", () => {
  test('is kept when it is one acceptable value', () => {
    for (const id of ['12345678', 'a'.repeat(64), 'A.b_c-9x', '74722802-6be1-4e14-8e73-d86823fed3e3']) {
      assert.equal(acceptRequestId(id), id);
    }
  });

  test('is replaced, never repaired, when it is anything else', () => {
    const hostile = [
      ...['1234567', 'a'.repeat(65), '', ' 12345678', '12345678 ', '12345678\n', '12345678\r\nX-Evil: 1'],
      ...[
        '12345678, 87654321',
        '<script>alert(1)</script>',
        '../../etc/passwd',
        'ïnternational',
        "'; drop--",
      ],
      ...['1234567\u0000', '$'.concat('{jndi:ldap://x}'), '%0d%0a12345678'],
    ];
    for (const id of hostile) assert.equal(acceptRequestId(id), undefined, JSON.stringify(id));
    for (const value of [undefined, null, 12345678, ['12345678'], { length: 10 }]) {
      assert.equal(acceptRequestId(value), undefined);
    }
  });
});
