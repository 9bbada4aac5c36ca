import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawOrder } from './choose-targets.ts';

const candidates = [3, 1, 0].map((weight) => ({ target: { weight } }));
const order = (random: number) => drawOrder(candidates, () => random).map(({ target }) => target.weight);

test('draws the first by weight, then the rest, each once', () => {
  assert.deepEqual(order(0), [3, 1, 0]);
  assert.deepEqual(order(0.74), [3, 1, 0]);
  assert.deepEqual(order(0.76), [1, 3, 0]);
});

test('over many draws, shares are as the weights', () => {
  let first = 0;
  for (let index = 0; index < 4000; index += 1) {
    if (drawOrder(candidates, () => (index + 0.5) / 4000)[0]?.target.weight === 3) first += 1;
  }
  assert.equal(first, 3000);
});
