import { randomFillSync } from 'node:crypto';

const poolBytes = 8192;
const pool = Buffer.allocUnsafe(poolBytes);
let offset = poolBytes;

/** `length` random bytes as lower-case hex, never all zero. */
function randomHex(length: number): string {
  if (offset + length > poolBytes) {
    randomFillSync(pool);
    offset = 0;
  }
  const text = pool.toString('hex', offset, offset + length);
  offset += length;
  return /[1-9a-f]/.test(text) ? text : randomHex(length);
}

export function createTraceId(): string {
  return randomHex(16);
}

export function createSpanId(): string {
  return randomHex(8);
}
