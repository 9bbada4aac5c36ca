// Just enough of the wire format for one question: the load must not be slowed by what it is written with.

/** A `ValidateTokenRequest` with its first field, the token. */
export function encodeRequest(token: string): Buffer {
  const text = Buffer.from(token, 'utf8');
  if (text.length > 127) throw new Error('A token of the benchmark must have at most 127 bytes.');
  return Buffer.concat([Buffer.from([0x0a, text.length]), text]);
}

/** Whether a `ValidateTokenResponse` says TOKEN_STATUS_OK in its first field. */
export function isOk(response: Buffer): boolean {
  return response[0] === 0x08 && response[1] === 1;
}
