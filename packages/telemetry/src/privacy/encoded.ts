import { redacted } from './redacted.ts';

const percentCodes = /(?:%[0-9A-Fa-f]{2})+/g;
const escapedCodes = /\\+u([0-9A-Fa-f]{4})/g;
/** Runs of the two alphabets of base64, of 16 characters and more. */
const base64Words = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{16,}={0,2}/g;
const base64UrlWords = /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{16,}={0,2}/g;
/** What text does not hold: control characters, and what is no UTF-8. */
const noText = /[^\t\r\n\x20-\x7e\u00a0-\ufffc]/;

/** The text with `%41` and `\u0041` as the characters they stand for; itself when it has none. */
export function decodeCodes(text: string): string {
  return text
    .replace(percentCodes, (codes) => Buffer.from(codes.replaceAll('%', ''), 'hex').toString('utf8'))
    .replace(escapedCodes, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** Replaces words in base64 that hold a secret when they are decoded. */
export function redactBase64(text: string, redact: (decoded: string) => string): string {
  const hide = (word: string) => (holdsSecret(word, redact) ? redacted : word);
  return text.replace(base64Words, hide).replace(base64UrlWords, hide);
}

function holdsSecret(word: string, redact: (decoded: string) => string): boolean {
  if (!/[A-Z]/.test(word)) return false;
  const decoded = Buffer.from(word, 'base64').toString('utf8');
  return !noText.test(decoded) && redact(decoded) !== decoded;
}
