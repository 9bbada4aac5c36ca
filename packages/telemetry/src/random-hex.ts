import { randomFillSync } from 'node:crypto';

const poolBytes = 4096;
const bytes = Buffer.allocUnsafe(poolBytes);
let pool = '';
let offset = 0;

/**
 * `length` random lower-case hex digits. Digits are cut from a string made of 4 KiB of random bytes at a time: asking
 * the kernel for each id, or turning each id's bytes into digits, costs several times as much.
 */
export function randomHex(length: number): string {
  if (offset + length > pool.length) {
    randomFillSync(bytes);
    pool = bytes.toString('hex');
    offset = 0;
  }
  offset += length;
  return pool.slice(offset - length, offset);
}
