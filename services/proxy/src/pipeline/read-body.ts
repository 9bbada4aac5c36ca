import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { excerpt } from '@ibex/telemetry/privacy';
import { ApiError } from '../api-error.ts';

/** How much of a refused body is read and thrown away, in multiples of the limit, before the connection is cut. */
const drainFactor = 4;

export interface BodyLimits {
  readonly limitBytes: number;
  readonly timeoutMs: number;
}

function tooLarge(limitBytes: number): ApiError {
  return new ApiError(413, {
    type: 'invalid_request_error',
    code: 'request_too_large',
    message: `The body must not be larger than ${limitBytes} bytes. Send less, or raise IBEX_PROXY_BODY_LIMIT_BYTES.`,
  });
}

function notReceived(timeoutMs: number): ApiError {
  return new ApiError(408, {
    type: 'invalid_request_error',
    code: 'request_timeout',
    message: `The body was not received within ${timeoutMs} ms.`,
  });
}

/**
 * Reads and throws away what a refused client is still sending, so that it gets to read the answer: cutting the
 * connection at once would lose it. Bounded in bytes and time, then the connection is cut.
 */
export function drain(source: IncomingMessage, limits: BodyLimits): void {
  if (source.destroyed) return;
  linger(source);
  let drainedBytes = 0;
  const timer = setTimeout(() => source.destroy(), limits.timeoutMs).unref();
  source.on('error', () => undefined);
  source.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
  source.on('data', (chunk: Buffer) => {
    drainedBytes += chunk.length;
    if (drainedBytes > limits.limitBytes * drainFactor) source.destroy();
  });
  source.resume();
}

/**
 * Where the connection is closed after the answer, closes only our side until the rest has been read: closed with bytes
 * unread, the system would reset it and take the answer away from the client (RFC 9112, 9.6).
 */
function linger(source: IncomingMessage): void {
  const { socket } = source;
  const close = socket.destroySoon;
  let isAnswered = false;
  // What Node calls after the last answer of a connection.
  socket.destroySoon = () => {
    isAnswered = true;
    socket.end();
  };
  source.once('end', () => {
    socket.destroySoon = close;
    if (isAnswered) socket.destroySoon();
  });
}

/**
 * Reads a whole request body. What it leaves unread is for `drain`.
 *
 * @throws {ApiError} 413 over the limit, 408 when it does not arrive in time, 400 when the client breaks off.
 */
export function readBody(source: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let receivedBytes = 0;

  function stop(): void {
    clearTimeout(timer);
    source.off('data', take).off('end', finish).off('close', breakOff);
  }
  function finish(): void {
    stop();
    resolve(Buffer.concat(chunks));
  }
  function refuse(error: ApiError): void {
    stop();
    reject(error);
  }
  function take(chunk: Buffer): void {
    receivedBytes += chunk.length;
    chunks.push(chunk);
    if (receivedBytes > limits.limitBytes) refuse(tooLarge(limits.limitBytes));
  }
  function breakOff(): void {
    const code = 'request_aborted';
    refuse(new ApiError(400, { type: 'invalid_request_error', code, message: 'The body broke off.' }));
  }

  const timer = setTimeout(() => refuse(notReceived(limits.timeoutMs)), limits.timeoutMs);
  // The client may have left while its token was checked: no event would come any more.
  if (source.destroyed) breakOff();
  else if (Number(source.headers['content-length'] ?? 0) > limits.limitBytes)
    refuse(tooLarge(limits.limitBytes));
  else source.on('data', take).on('end', finish).on('close', breakOff);
  return promise;
}

const jsonType = /^application\/(?:json|[\w.-]{1,64}\+json)\s*(?:;|$)/i;

function unsupported(message: string): ApiError {
  return new ApiError(415, { type: 'invalid_request_error', code: 'unsupported_media_type', message });
}

/** @throws {ApiError} 415 for anything but uncompressed JSON. */
export function checkMediaType(source: IncomingMessage): void {
  const type = source.headers['content-type'];
  if (type === undefined || !jsonType.test(type)) {
    const present = type === undefined ? 'missing' : JSON.stringify(excerpt(type, 100));
    throw unsupported(`Content-Type must be application/json: it is ${present}.`);
  }
  const encoding = source.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    throw unsupported(
      `Content-Encoding must be identity: it is ${JSON.stringify(excerpt(encoding, 100))}. Send the body uncompressed.`,
    );
  }
}

/** @throws {ApiError} 400 when the bytes are not JSON in UTF-8. */
export function parseJson(bytes: Buffer): unknown {
  const refuse = (why: string) =>
    new ApiError(400, {
      type: 'invalid_request_error',
      code: 'invalid_json',
      message: `The body must be JSON in UTF-8: ${why}.`,
    });
  if (bytes.length === 0) throw refuse('it is empty');
  if (!isUtf8(bytes)) throw refuse('it holds bytes that are not UTF-8');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
    const where = position === undefined ? 'it ends too early' : `character ${position} is unexpected`;
    throw refuse(where);
  }
}
