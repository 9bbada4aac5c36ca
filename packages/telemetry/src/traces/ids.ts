import { randomHex } from '../random-hex.ts';

const zeroTraceId = '0'.repeat(32);
const zeroSpanId = '0'.repeat(16);

/** 32 random hex digits, not all zero. */
export function createTraceId(): string {
  const id = randomHex(32);
  return id === zeroTraceId ? createTraceId() : id;
}

/** 16 random hex digits, not all zero. */
export function createSpanId(): string {
  const id = randomHex(16);
  return id === zeroSpanId ? createSpanId() : id;
}
