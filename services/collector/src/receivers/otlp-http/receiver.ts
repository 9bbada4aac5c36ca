import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { excerpt } from '@ibex/telemetry/privacy';
import type { Encoding } from '../../otlp/decode.ts';
import type { Signal } from '../../otlp/decode-context.ts';
import { encodeExportResponse } from '../../otlp/export-response.ts';
import { encodeRpcStatus, RPC_CODES } from '../../otlp/rpc-status.ts';
import type { ExportOutcome, Ingest, Refusal } from '../ingest.ts';
import { overloaded } from '../ingest.ts';
import type { RefusalReason } from '../observer.ts';
import { readBody } from './body.ts';
import { compressionOf, encodingOf, mediaTypeOf } from './media.ts';

// Not imported: an import reads every export, among them `WebSocket`, and with that Node loads its own copy of undici.
const { createServer } = process.getBuiltinModule('node:http');

const SIGNALS: ReadonlyMap<string, Signal> = new Map([
  ['/v1/traces', 'traces'],
  ['/v1/logs', 'logs'],
  ['/v1/metrics', 'metrics'],
]);

/** The specification's limit for OTLP/HTTP, after decompression. */
const MAX_BODY_BYTES = 20 * 1024 * 1024;
const MAX_CONNECTIONS = 512;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 400;

const HTTP_STATUS: Readonly<Record<RefusalReason, number>> = {
  malformed: 400,
  too_large: 413,
  unsupported_media_type: 415,
  unsupported_encoding: 415,
  aborted: 400,
  overloaded: 503,
  store_failed: 503,
  internal: 500,
};

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  signal: Signal;
  encoding: Encoding;
}

export interface OtlpHttpOptions {
  ingest: Ingest;
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Limit on a body, before and after decompression. */
  maxBodyBytes?: number;
  /** Asked first; true when it has answered. For what shares the port without being OTLP. */
  answerOther?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** Receives OTLP over HTTP: POST `/v1/traces`, `/v1/logs` and `/v1/metrics`, protobuf or JSON, plain or gzip. */
export class OtlpHttpReceiver {
  readonly #ingest: Ingest;
  readonly #address: { host: string; port: number };
  readonly #maxBodyBytes: number;
  readonly #server: Server;
  readonly #answerOther: NonNullable<OtlpHttpOptions['answerOther']>;

  constructor({ ingest, host, port, maxBodyBytes = MAX_BODY_BYTES, answerOther }: OtlpHttpOptions) {
    this.#ingest = ingest;
    this.#answerOther = answerOther ?? (() => false);
    this.#address = { host, port };
    this.#maxBodyBytes = maxBodyBytes;
    const timeouts = { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS };
    this.#server = createServer(timeouts, (request, response) => this.#answer(request, response));
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /**
   * Listens.
   * @returns the port listened on.
   * @throws the system's error, e.g. `EADDRINUSE` when the port is taken.
   */
  async start(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#address.port, this.#address.host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Takes no new requests, lets those in work end, and soon cuts what does not: its sender was not acknowledged, and keeps it. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const cut = setTimeout(() => this.#server.closeAllConnections(), STOP_TIMEOUT_MS);
    this.#server.closeIdleConnections();
    await closed;
    clearTimeout(cut);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.#answerOther(request, response)) return;
    const signal = SIGNALS.get((request.url ?? '').split('?', 1)[0] ?? '');
    const encoding = encodingOf(request.headers);
    if (signal === undefined) {
      const message = `there is no ${excerpt(request.url ?? '', 80)}; OTLP goes to ${[...SIGNALS.keys()].join(', ')}`;
      this.#sendStatus(response, {
        httpStatus: 404,
        encoding,
        status: { code: RPC_CODES.notFound, message },
      });
      return;
    }
    if (request.method !== 'POST') {
      response.setHeader('allow', 'POST');
      const status = {
        code: RPC_CODES.unimplemented,
        message: `the method must be POST, is ${request.method}`,
      };
      this.#sendStatus(response, { httpStatus: 405, encoding, status });
      return;
    }
    void this.#export({ request, response, signal, encoding: encoding ?? 'json' });
  }

  async #export(exchange: Exchange): Promise<void> {
    let reservedBytes = 0;
    const reserve = (bytes: number): boolean => {
      if (!this.#ingest.reserve(bytes)) return false;
      reservedBytes += bytes;
      return true;
    };
    try {
      this.#sendOutcome(exchange, await this.#receive(exchange, reserve));
    } finally {
      this.#ingest.release(reservedBytes);
    }
  }

  async #receive(exchange: Exchange, reserve: (bytes: number) => boolean): Promise<ExportOutcome> {
    const { request, signal, encoding } = exchange;
    const transport = 'http';
    const refuse = (refusal: Refusal): ExportOutcome => this.#ingest.refuse({ signal, transport }, refusal);
    const refusal = refusalOfHeaders(request, this.#maxBodyBytes);
    if (refusal !== undefined) return refuse(refusal);
    const isGzip = compressionOf(request.headers) === 'gzip';
    const read = await readBody(request, { isGzip, maxBytes: this.#maxBodyBytes, reserve });
    if (read.kind === 'body') return this.#ingest.export({ signal, encoding, transport, body: read.body });
    if (read.kind === 'too_large') return refuse(tooLarge(this.#maxBodyBytes));
    if (read.kind === 'no_memory') return refuse(overloaded('the collector has too many requests in work'));
    const message =
      read.kind === 'malformed' ? read.message : 'the sender closed the connection inside the body';
    const reason = read.kind === 'malformed' ? 'malformed' : 'aborted';
    return refuse({ reason, status: { code: RPC_CODES.invalidArgument, message } });
  }

  #sendOutcome({ response, signal, encoding }: Exchange, outcome: ExportOutcome): void {
    if (outcome.kind === 'stored') {
      this.#send(response, {
        httpStatus: 200,
        encoding,
        body: encodeExportResponse(outcome.partialSuccess, { signal, encoding }),
      });
      return;
    }
    const { reason, status } = outcome;
    if (status.retryAfterMs !== undefined)
      response.setHeader('retry-after', Math.ceil(status.retryAfterMs / 1000));
    if (reason === 'unsupported_encoding') response.setHeader('accept-encoding', 'gzip');
    this.#sendStatus(response, { httpStatus: HTTP_STATUS[reason], encoding, status });
  }

  #sendStatus(
    response: ServerResponse,
    {
      httpStatus,
      encoding = 'json',
      status,
    }: { httpStatus: number; encoding: Encoding | undefined; status: Refusal['status'] },
  ): void {
    this.#send(response, { httpStatus, encoding, body: encodeRpcStatus(status, encoding) });
  }

  #send(
    response: ServerResponse,
    { httpStatus, encoding, body }: { httpStatus: number; encoding: Encoding; body: Buffer },
  ): void {
    response.writeHead(httpStatus, { 'content-type': mediaTypeOf(encoding), 'content-length': body.length });
    response.end(body);
  }
}

/** What can be told from the headers alone, before a byte of the body is read. */
function refusalOfHeaders({ headers }: IncomingMessage, maxBodyBytes: number): Refusal | undefined {
  if (encodingOf(headers) === undefined) {
    const found = excerpt(headers['content-type'] ?? 'absent', 80);
    const message = `Content-Type must be application/x-protobuf or application/json, is ${found}`;
    return { reason: 'unsupported_media_type', status: { code: RPC_CODES.invalidArgument, message } };
  }
  if (compressionOf(headers) === undefined) {
    const message = `Content-Encoding must be gzip or identity, is ${excerpt(headers['content-encoding'] ?? '', 80)}`;
    return { reason: 'unsupported_encoding', status: { code: RPC_CODES.invalidArgument, message } };
  }
  return Number(headers['content-length'] ?? 0) > maxBodyBytes ? tooLarge(maxBodyBytes) : undefined;
}

function tooLarge(maxBytes: number): Refusal {
  const message = `the body may have ${maxBytes} bytes, decompressed as well; send smaller batches`;
  return { reason: 'too_large', status: { code: RPC_CODES.resourceExhausted, message } };
}
