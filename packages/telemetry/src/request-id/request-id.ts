import { randomFillSync } from 'node:crypto';

/** What a caller's `X-Request-ID` must look like to be kept; anything else is replaced, never repaired. */
const acceptable = /^[A-Za-z0-9._-]{8,64}$/;

const poolBytes = 4096;
const bytesPerId = 10;
const pool = Buffer.allocUnsafe(poolBytes);
let poolOffset = poolBytes;

const hexByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function randomByte(): number {
  return pool[poolOffset++] ?? 0;
}

/**
 * A new request id: a UUIDv7 (RFC 9562: 48 bits of Unix milliseconds, 74 random bits), so ids sort by time.
 * Random bytes come from a refilled pool: asking the kernel for each id costs ten times as much.
 */
export function createRequestId(): string {
  if (poolOffset + bytesPerId > poolBytes) {
    randomFillSync(pool);
    poolOffset = 0;
  }
  const time = Date.now().toString(16).padStart(12, '0');
  const version = hexByte[0x70 | (randomByte() & 0x0f)];
  const variant = hexByte[0x80 | (randomByte() & 0x3f)];
  let tail = '';
  for (let index = 0; index < 6; index++) tail += hexByte[randomByte()];
  const high = `${version}${hexByte[randomByte()]}`;
  const low = `${variant}${hexByte[randomByte()]}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-${high}-${low}-${tail}`;
}

/** The caller's id when it is one acceptable value; undefined when it is absent, repeated or malformed. */
export function acceptRequestId(value: unknown): string | undefined {
  return typeof value === 'string' && acceptable.test(value) ? value : undefined;
}
