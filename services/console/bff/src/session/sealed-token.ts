import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

function keyFrom(sessionId: string): Buffer {
  return Buffer.from(hkdfSync('sha256', sessionId, '', 'ibex console session token', 32));
}

/** Encrypts a token under a key made from the session id, which only the browser keeps. */
export function sealToken(token: string, sessionId: string): Buffer {
  const iv = randomBytes(ivBytes);
  const seal = createCipheriv(cipher, keyFrom(sessionId), iv);
  const sealed = Buffer.concat([seal.update(token, 'utf8'), seal.final()]);
  return Buffer.concat([iv, seal.getAuthTag(), sealed]);
}

/**
 * The token that was sealed.
 * @throws when the session id is another one or the bytes were changed.
 */
export function openToken(sealed: Buffer, sessionId: string): string {
  const open = createDecipheriv(cipher, keyFrom(sessionId), sealed.subarray(0, ivBytes));
  open.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes));
  return Buffer.concat([open.update(sealed.subarray(ivBytes + tagBytes)), open.final()]).toString('utf8');
}
