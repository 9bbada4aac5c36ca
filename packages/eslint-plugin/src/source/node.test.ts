import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createModule } from './module.ts';
import { childrenOf, type Node, placeOf } from './node.ts';

test('places are read as either kind of parser writes them', () => {
  assert.deepEqual(placeOf({ type: 'Identifier', range: [3, 7] }), { start: 3, end: 7 });
  assert.deepEqual(placeOf({ type: 'Identifier', start: 3, end: 7 }), { start: 3, end: 7 });
});

test('links out of a tree are not followed', () => {
  const child: Record<string, unknown> & { type: string } = { type: 'Identifier', name: 'a' };
  const parent: Node = { type: 'ExpressionStatement', expression: child };
  child.parent = parent;
  assert.deepEqual(childrenOf(child), []);
  assert.deepEqual(childrenOf(parent), [child]);
});

test('a tree deeper than the stack is read', () => {
  let node: Node = { type: 'Identifier', name: 'a', range: [0, 1] };
  for (let depth = 0; depth < 100_000; depth++) {
    node = { type: 'BinaryExpression', left: node, right: { type: 'Literal', value: 1 }, range: [0, 1] };
  }
  const module = createModule({ type: 'Program', body: [node], range: [0, 1] }, { path: 'a.js', text: 'a' });
  assert.deepEqual(module.facts.calls, []);
  assert.deepEqual(module.imports, []);
});
