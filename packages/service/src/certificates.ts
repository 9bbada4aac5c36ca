import { X509Certificate } from 'node:crypto';
import { describeError } from './describe-error.ts';
import { SettingsError } from './settings-error.ts';

const dayMs = 86_400_000;
/** Whoever renews certificates does so well before. */
const soonMs = 7 * dayMs;

/**
 * TLS takes any bytes for an authority, and then trusts nobody without a word.
 * @throws {SettingsError} naming the variable when its file holds no certificate.
 */
export function checkAuthority(setting: string, pem: Buffer): void {
  try {
    new X509Certificate(pem);
  } catch (error) {
    throw new SettingsError(
      setting,
      `${setting} must name a file with the PEM certificate of an authority: ${describeError(error)}`,
    );
  }
}

/** What is wrong with the time a certificate is for, or soon will be, as a sentence; undefined when nothing is. */
export function validityProblem(pem: Buffer, nowUnixMs = Date.now()): string | undefined {
  const { validFromDate, validToDate } = new X509Certificate(pem);
  const from = validFromDate.getTime();
  const to = validToDate.getTime();
  if (nowUnixMs < from) return `it is not valid before ${validFromDate.toISOString()}`;
  if (nowUnixMs > to) return `it expired at ${validToDate.toISOString()}`;
  return to - nowUnixMs < soonMs ? `it expires at ${validToDate.toISOString()}` : undefined;
}
