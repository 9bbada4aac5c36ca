import { expect, it } from 'vitest';
import { keyed } from './keyed.ts';

it('numbers names that repeat', () => {
  expect(keyed(['a', 'b', 'a', 'a'], (text) => text).map(({ key }) => key)).toEqual(['a', 'b', 'a 2', 'a 3']);
});
