import { redactText } from '../privacy/text.ts';
import { randomHex } from '../random-hex.ts';

/** What a caller's `X-Request-ID` must look like to be kept; anything else is replaced, never repaired. */
const acceptable = /^[A-Za-z0-9._-]{8,64}$/;

const counterLimit = 0x1000;
const counterDigits = Array.from({ length: counterLimit }, (_, value) => value.toString(16).padStart(3, '0'));
/** The variant 0b10 and two random bits, by a random hex digit. */
const variantDigits: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from('0123456789abcdef', (digit, value) => [digit, '89ab'[value % 4] ?? '8']),
);

let lastMs = 0;
let counter = 0;
let prefix = '';

/** Moves to a later millisecond: renders it once, and starts the counter at a random value in its lower half. */
function enterMillisecond(unixMs: number): void {
  lastMs = unixMs;
  counter = Number.parseInt(randomHex(3), 16) >> 1;
  const digits = unixMs.toString(16).padStart(12, '0');
  prefix = `${digits.slice(0, 8)}-${digits.slice(8)}-7`;
}

/**
 * A new request id: a UUIDv7 (RFC 9562). 48 bits of Unix milliseconds, then 12 bits that count up within a
 * millisecond, so that ids of one process sort in the order they were made, then 62 random bits. When the counter is
 * full, or the clock goes back, ids run ahead of the clock rather than out of order.
 */
export function createRequestId(): string {
  const now = Date.now();
  if (now > lastMs) enterMillisecond(now);
  else if (++counter >= counterLimit) enterMillisecond(lastMs + 1);
  const random = randomHex(16);
  const variant = variantDigits[random.charAt(15)];
  return `${prefix + counterDigits[counter]}-${variant}${random.slice(0, 3)}-${random.slice(3, 15)}`;
}

/**
 * The caller's id when it is one acceptable value; undefined when it is absent, repeated or malformed, or looks like a
 * secret: it will stand in every line of the request.
 */
export function acceptRequestId(value: unknown): string | undefined {
  return typeof value === 'string' && acceptable.test(value) && redactText(value) === value
    ? value
    : undefined;
}
