import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { randomHex } from './random-hex.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test('digits are of the wanted number, and none come twice', () => {
  const lengths = [1, 3, 16, 32, 256];
  const texts = Array.from({ length: 20_000 }, (_, index) => randomHex(lengths[index % 5] ?? 0));
  for (const [index, text] of texts.entries()) {
    assert.equal(text.length, lengths[index % 5]);
    assert.match(text, /^[0-9a-f]+$/);
  }
  const long = texts.filter((text) => text.length >= 16);
  assert.equal(new Set(long).size, long.length);
});

test('an id that is kept keeps little else in memory, however many were made around it', () => {
  const before = heapBytes();
  const kept = Array.from({ length: 2_000 }, () => {
    for (let others = 0; others < 600; others += 1) randomHex(16);
    return randomHex(32);
  });
  const bytesEach = (heapBytes() - before) / kept.length;
  assert.ok(bytesEach < 1_000, `${bytesEach.toFixed(0)} bytes for each of ${kept.length} ids`);
});
