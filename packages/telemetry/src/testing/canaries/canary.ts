/** A synthetic secret that is to leave a process nowhere. */
export interface Canary {
  /** What is searched for: sixteen characters that no other canary and no honest text has. */
  readonly core: string;
  /** What makes it a secret: `key password` or `pattern jwt`. */
  readonly source: string;
  /** The sensitive key it stands under; undefined for one that is known by its own form. */
  readonly key: string | undefined;
  /** The secret as a service would hold it. */
  readonly secret: string;
  /** In what it is wrapped: `text`, `object`, `Error.cause`, … */
  readonly carrier: string;
  /** How it is written: `plain`, `URL-encoded`, `base64`, … */
  readonly encoding: string;
  /** What is handed over: a text, or a structure that holds the secret. */
  readonly value: unknown;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
export const coreStart = 'CANARY';
const coreDigits = 10;

/** The n-th core. The digits are scattered, so that neighbours have little in common. */
export function coreOf(index: number): string {
  let rest = (BigInt(index + 1) * 0x9e3779b97f4a7c15n) & ((1n << 50n) - 1n);
  let digits = '';
  for (let digit = 0; digit < coreDigits; digit++) {
    digits += alphabet.charAt(Number(rest & 31n));
    rest >>= 5n;
  }
  return coreStart + digits;
}
