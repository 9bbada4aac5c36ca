import { randomFillSync } from 'node:crypto';

const poolBytes = 4096;
/** What is cut from a string keeps all of it in memory, so it must not be long. */
const bytesPerString = 128;
const bytes = Buffer.allocUnsafe(poolBytes);
let nextByte = poolBytes;
let digits = '';
let offset = 0;

/**
 * `length` random lower-case hex digits, at most 256. Random bytes are asked for 4 KiB at a time and turned into digits
 * 128 at a time: doing so for each id costs several times as much.
 */
export function randomHex(length: number): string {
  if (offset + length > digits.length) refill();
  offset += length;
  return digits.slice(offset - length, offset);
}

function refill(): void {
  if (nextByte === poolBytes) {
    randomFillSync(bytes);
    nextByte = 0;
  }
  digits = bytes.toString('hex', nextByte, nextByte + bytesPerString);
  nextByte += bytesPerString;
  offset = 0;
}
