import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Announcement, keepBusPath, parseAnnouncement } from '@ibex/telemetry/flight-recorder';
import { readBody } from '../receivers/otlp-http/body.ts';
import type { KeepHub } from './hub.ts';

const mediaType = 'application/x-ndjson';
const maximumBodyBytes = 64 * 1024;
/** What may wait for a listener that reads slowly. */
const maximumUnsentBytes = 1024 * 1024;

export interface KeepBusHandlerOptions {
  readonly hub: KeepHub;
  /** Asked of every caller; without one only processes of this machine are served. */
  readonly token: string | undefined;
}

/** Answers a request when its path is that of the bus; false when it is not. */
export type KeepBusHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/** `POST /internal/keep` takes announcements, a line of JSON each; `GET /internal/keep` is a stream of them. */
export function createKeepBusHandler({ hub, token }: KeepBusHandlerOptions): KeepBusHandler {
  const isAllowed = createGuard(token);
  return (request, response) => {
    if (request.url?.split('?', 1)[0] !== keepBusPath) return false;
    const refusal = isAllowed(request);
    if (refusal !== undefined) answer(response, refusal);
    else if (request.method === 'GET') listen(hub, request, response);
    else if (request.method === 'POST') void take(hub, request, response);
    else
      answer(response.setHeader('allow', 'GET, POST'), {
        statusCode: 405,
        message: 'the method must be GET or POST',
      });
    return true;
  };
}

interface Refusal {
  readonly statusCode: number;
  readonly message: string;
}

function createGuard(token: string | undefined): (request: IncomingMessage) => Refusal | undefined {
  const expected = token === undefined ? undefined : digest(`Bearer ${token}`);
  return ({ headers, socket }) => {
    if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) {
      return { statusCode: 403, message: 'the keep bus is for services, not for pages in a browser' };
    }
    if (expected === undefined) {
      if (isLoopback(socket.remoteAddress)) return undefined;
      const message =
        'the keep bus serves other machines only with a token. Set IBEX_KEEP_BUS_TOKEN on both sides';
      return { statusCode: 403, message };
    }
    if (timingSafeEqual(digest(headers.authorization ?? ''), expected)) return undefined;
    return { statusCode: 401, message: 'the bearer token must be that of IBEX_KEEP_BUS_TOKEN' };
  };
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:(?:::ffff:)?127\.|::1$)/.test(address);
}

/** Digests have one length, whatever was sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function answer(response: ServerResponse, { statusCode, message }: Refusal): void {
  response.writeHead(statusCode, { 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
}

function listen(hub: KeepHub, request: IncomingMessage, response: ServerResponse): void {
  const unsubscribe = hub.subscribe(
    (text) => {
      if (!response.headersSent)
        response.writeHead(200, { 'content-type': mediaType, 'cache-control': 'no-store' });
      response.write(text);
      return response.writableLength < maximumUnsentBytes;
    },
    () => response.end(),
  );
  if (unsubscribe === undefined)
    answer(response, { statusCode: 503, message: 'too many processes listen already' });
  else request.once('close', unsubscribe);
}

async function take(hub: KeepHub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.headers['content-type']?.split(';', 1)[0] !== mediaType) {
    answer(response, { statusCode: 415, message: `Content-Type must be ${mediaType}` });
    return;
  }
  const read = await readBody(request, { isGzip: false, maxBytes: maximumBodyBytes, reserve: () => true });
  if (read.kind !== 'body') {
    answer(response, { statusCode: 413, message: `the body may have ${maximumBodyBytes} bytes` });
    return;
  }
  const lines = read.body
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  const announcements = lines.map(parseAnnouncement);
  if (announcements.includes(undefined)) {
    answer(response, {
      statusCode: 400,
      message: 'every line must be {"traceId":"<32 hex digits>","reason":"<why>"}',
    });
    return;
  }
  hub.announce(announcements as Announcement[]);
  response.writeHead(204).end();
}
