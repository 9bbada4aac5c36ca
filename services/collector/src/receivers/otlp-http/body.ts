import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';

export type BodyResult =
  | { kind: 'body'; body: Buffer }
  | { kind: 'too_large' }
  | { kind: 'malformed'; message: string }
  | { kind: 'no_memory' }
  | { kind: 'aborted' };

export interface BodyOptions {
  isGzip: boolean;
  /** Limit on the bytes received as well as on what they inflate to. */
  maxBytes: number;
  /** Claims memory for a piece; false ends the reading. */
  reserve: (bytes: number) => boolean;
}

/**
 * Reads a request's body, inflating as it comes, so that a small body never becomes a large one. The request itself is
 * left open, whatever happens: the sender is to read the answer.
 */
export function readBody(
  request: IncomingMessage,
  { isGzip, maxBytes, reserve }: BodyOptions,
): Promise<BodyResult> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let inflatedBytes = 0;
    let receivedBytes = 0;
    const source = isGzip ? request.pipe(createGunzip()) : request;

    function settle(result: BodyResult): void {
      request.off('data', onReceived);
      source.off('data', onData);
      if (source !== request) {
        request.unpipe();
        source.destroy();
      }
      resolve(result);
    }
    function onReceived(chunk: Buffer): void {
      receivedBytes += chunk.length;
      if (receivedBytes > maxBytes) settle({ kind: 'too_large' });
    }
    function onData(chunk: Buffer): void {
      inflatedBytes += chunk.length;
      if (inflatedBytes > maxBytes) settle({ kind: 'too_large' });
      else if (!reserve(chunk.length)) settle({ kind: 'no_memory' });
      else chunks.push(chunk);
    }

    request.on('data', onReceived);
    source.on('data', onData);
    source.once('end', () => settle({ kind: 'body', body: Buffer.concat(chunks, inflatedBytes) }));
    request.once('error', () => settle({ kind: 'aborted' }));
    request.once('close', () => {
      if (!request.complete) settle({ kind: 'aborted' });
    });
    if (source === request) return;
    source.on('error', (error) =>
      settle({ kind: 'malformed', message: `the body is not valid gzip: ${error.message}` }),
    );
  });
}
