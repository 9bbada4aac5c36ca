import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Queryable, Statement } from '../database/database.ts';
import { batchedLookups } from './token-lookups.ts';

/** A table of tokens that takes down what it is asked, and has all but those whose id begins with `no`. */
function startTable() {
  const statements: Statement[] = [];
  const table: Queryable = {
    query: async <Row extends object>(statement: Statement) => {
      statements.push(statement);
      const ids = new Set((statement.values ?? []).map(String));
      if (ids.has('broken')) throw new Error('the table is broken');
      return [...ids].filter((id) => !id.startsWith('no')).map((id) => ({ id })) as unknown as Row[];
    },
  };
  return { table, statements, sizes: () => statements.map(({ values }) => values?.length) };
}

function idsOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `token ${index}`);
}

describe('batchedLookups', () => {
  it('asks for what is wanted at the same time at once, in a statement of a fixed size, and answers each its own', async () => {
    const { table, statements, sizes } = startTable();
    const find = batchedLookups(table);
    const found = await Promise.all(['one', 'none', 'two', 'two', 'three'].map(find));
    assert.deepEqual(
      found.map((token) => token?.id),
      ['one', undefined, 'two', 'two', 'three'],
    );
    assert.deepEqual(sizes(), [16]);
    assert.equal(statements[0]?.preparedAs, 'tokens_for_verdicts_16');
    assert.match(statements[0]?.text ?? '', /\$16\)/);
  });

  it('asks for any number in statements of four sizes', async () => {
    for (const [count, expected] of [
      [1, [1]],
      [2, [4]],
      [17, [64]],
      [64, [64]],
      [150, [64, 64, 64]],
    ] as const) {
      const { table, sizes } = startTable();
      const found = await Promise.all(idsOf(count).map(batchedLookups(table)));
      assert.deepEqual(
        found.map((token) => token?.id),
        idsOf(count),
      );
      assert.deepEqual(sizes(), expected, `${count} tokens`);
    }
  });

  it('gathers what is wanted right after a query, and remembers nothing', async () => {
    const { table, sizes } = startTable();
    const find = batchedLookups(table);
    await find('one');
    const later = find('one');
    // Comes in a later turn of the event loop, while the one before it still waits.
    const next = new Promise((resolve) => setImmediate(() => resolve(find('two'))));
    await Promise.all([later, next]);
    assert.equal(sizes()[0], 1);
    assert.ok(sizes().length <= 3);
  });

  it('fails those that were in a failed query, and goes on', async () => {
    const { table } = startTable();
    const find = batchedLookups(table);
    const failed = await Promise.allSettled([find('one'), find('broken')]);
    assert.deepEqual(
      failed.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal((await find('one'))?.id, 'one');
  });
});
