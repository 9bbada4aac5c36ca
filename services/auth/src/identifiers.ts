import { randomBytes } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** 16 characters of lower-case base32, 80 random bits: enough never to meet twice, and safe in a URL. */
export function randomIdentifier(): string {
  return Array.from(randomBytes(16), (byte) => alphabet[byte & 31]).join('');
}

/** Whether a text a caller sent can be an identifier of the kind; what cannot be one need not be looked for. */
export function isIdentifier(kind: 'agent' | 'org' | 'user', text: string): boolean {
  return text.startsWith(`${kind}_`) && isTokenIdentifier(text.slice(kind.length + 1));
}

/** Token ids stand inside the token's text and so carry no kind. */
export function isTokenIdentifier(text: string): boolean {
  return /^[a-z2-7]{16}$/.test(text);
}
