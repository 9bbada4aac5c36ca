import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineSplitter, longestLine } from './line-splitter.ts';

function split(chunks: readonly (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.write(Buffer.from(chunk));
  splitter.end();
  return lines;
}

test('lines are put together from chunks; the last one needs no end', () => {
  assert.deepEqual(split(['a\nb', 'c\r\n\n', 'd']), ['a', 'bc', 'd']);
});

test('a character cut in two by a chunk stays whole', () => {
  const bytes = Buffer.from('grüße\n');
  assert.deepEqual(split([bytes.subarray(0, 3), bytes.subarray(3)]), ['grüße']);
});

test('a line without end is cut at its limit, and the next one is whole', () => {
  const chunk = 'x'.repeat(50_000);
  const [long, next] = split([chunk, chunk, `${chunk}\nnext\n`]);
  assert.equal(long, `${'x'.repeat(longestLine)} …[cut]`);
  assert.equal(next, 'next');
});
