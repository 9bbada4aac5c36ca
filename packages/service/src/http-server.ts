import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { fold, statusCodes } from '@ibex/contract';
import type { Telemetry } from '@ibex/telemetry';
import { createHttpObserver, httpTelemetry } from '@ibex/telemetry/http';
import { redactText } from '@ibex/telemetry/privacy';
import { createRequestId } from '@ibex/telemetry/request-id';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { type AnsweringSocket, endConnectionsOnClose } from './end-connections.ts';
import { type ErrorBody, errorBody } from './error-body.ts';
import { checkReadiness, type DependencyCheck, notReady } from './readiness.ts';
import type { TlsFiles, TlsMaterial } from './tls-files.ts';

export interface HttpServerOptions {
  readonly telemetry: Telemetry;
  /** For `/readyz`. */
  readonly dependencies?: Readonly<Record<string, DependencyCheck>>;
  /** While it returns true `/readyz` is 503, whatever the dependencies say. Default: never. */
  readonly isStopping?: () => boolean;
  /** Largest request body. Default 1 MiB. */
  readonly bodyLimitBytes?: number;
  /** Serves HTTPS; without it HTTP. */
  readonly tls?: TlsFiles | undefined;
  /** Addresses and networks whose `X-Forwarded-For` is believed. Default: nobody's. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** For the headers of a request to arrive, from the first byte or, on a new connection, from its beginning. Default 15 s. */
  readonly headersTimeoutMs?: number;
  /** False where another server of the process answers `/healthz`, `/readyz` and `/metrics`. Default true. */
  readonly operational?: boolean;
  /** Called before each exposition, e.g. to set gauges. */
  readonly onScrape?: () => void;
  /** Replaces the default shape of errors, e.g. by that of a provider's API. */
  readonly answerError?: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => unknown;
  readonly answerNotFound?: (request: FastifyRequest, reply: FastifyReply) => unknown;
  /** The shape of what is answered to requests that cannot be read, which never reach a handler. Default: `errorBody`. */
  readonly unreadableBody?: (error: ErrorBody['error']) => unknown;
}

const defaultHeadersTimeoutMs = 15_000;
/** Node looks every 30 s by itself, so that a slow client could stay three times as long as it may. */
const lookForSlowClientsMs = 500;
/** For a request to arrive whole; the answer may take as long as it needs. */
const requestTimeoutMs = 120_000;
const lingerMs = 1_000;
const keepAliveTimeoutMs = 72_000;
const maximumParameterLength = 500;
/** What `X-Trace-ID` says for an answer that belongs to no trace. */
const noTraceId = '0'.repeat(32);

/** A Fastify server with telemetry first, `/healthz`, `/readyz` and `/metrics`; further routes are added by the caller. */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const { telemetry, unreadableBody = errorBody } = options;
  const app = fastify({
    bodyLimit: options.bodyLimitBytes ?? 1024 * 1024,
    requestTimeout: requestTimeoutMs,
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
    keepAliveTimeout: keepAliveTimeoutMs,
    ...transport(options),
    routerOptions: { maxParamLength: maximumParameterLength },
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    forceCloseConnections: 'idle',
    // Requests that are in when the server closes are answered like any other, with their ids.
    return503OnClosing: false,
    frameworkErrors: answerFrameworkErrors(telemetry, unreadableBody),
    clientErrorHandler: (error, socket) =>
      answerMalformed(telemetry, {
        code: (error as NodeJS.ErrnoException).code,
        socket: socket as Socket,
        unreadableBody,
      }),
  });
  options.tls?.onChange((material) => {
    if (app.server instanceof TlsServer) app.server.setSecureContext(contextOf(material));
  });
  endConnectionsOnClose(app);
  app.register(httpTelemetry, { telemetry });
  app.setErrorHandler(options.answerError ?? answerError);
  app.setNotFoundHandler(options.answerNotFound ?? answerNotFound);
  if (options.operational ?? true) app.register(async (routes) => operationalRoutes(routes, options));
  return app;
}

/** In place of Fastify's own, which loads 100 modules for schemas that our routes do not have: 15 ms and 3 MB. */
function noCompiler(): never {
  throw new Error('A route has a schema: give its app a compiler with setValidatorCompiler first.');
}

function contextOf({ certificate, key }: TlsMaterial) {
  return { cert: certificate, key };
}

/** Fastify's types know a server of HTTPS as another class; what is used of it is the same. */
function transport({ tls, headersTimeoutMs = defaultHeadersTimeoutMs }: HttpServerOptions): { http: object } {
  const patience = { headersTimeout: headersTimeoutMs, connectionsCheckingInterval: lookForSlowClientsMs };
  if (tls === undefined) return { http: patience };
  const https = { ...contextOf(tls.material), minVersion: 'TLSv1.2', ...patience };
  return { https } as unknown as { http: object };
}

function operationalRoutes(
  app: FastifyInstance,
  { telemetry, dependencies = {}, isStopping = () => false, onScrape }: HttpServerOptions,
): void {
  app.get('/healthz', async () => ({ status: 'ok', service: telemetry.service }));
  app.get('/readyz', async (_request, reply) => {
    const found = await checkReadiness(dependencies, telemetry.sanitiser);
    const readiness = isStopping() ? notReady(found, 'it is stopping') : found;
    return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness);
  });
  if (!telemetry.settings.metrics.enabled) return;
  app.get(telemetry.settings.metrics.path, async (request, reply) => {
    onScrape?.();
    const { contentType, body } = telemetry.metrics.scrape(request.headers.accept);
    return reply.header('content-type', contentType).header('vary', 'accept').send(body);
  });
}

/** The default for routes without a handler of their own: what broke inside stays inside, the request id tells where to look. */
function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const statusCode = statusOf(error);
  const isOurs = statusCode >= 500;
  const code = isOurs ? 'internal' : codeOf(error);
  request.ibex.logFields = { ...request.ibex.logFields, error_code: code };
  const message = isOurs
    ? 'Something broke here. Look for the request id in the logs.'
    : redactText(error.message);
  return reply.code(statusCode).send(errorBody({ code, message, requestId: request.ibex.requestId }));
}

/** Anything can be thrown, also what carries no status or a nonsensical one. */
function statusOf(error: { readonly statusCode?: unknown } | null | undefined): number {
  const status = error?.statusCode;
  return Number.isInteger(status) && Number(status) >= 400 && Number(status) <= 599 ? Number(status) : 500;
}

function codeOf({ code }: { readonly code?: unknown }): string {
  return typeof code === 'string' ? code.replace(/^FST_ERR_/, '').toLowerCase() : 'bad_request';
}

function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = redactText(request.url.split('?', 1)[0] ?? '').slice(0, 200);
  const message = `There is no ${request.method} ${path} here.`;
  return reply.code(404).send(errorBody({ code: 'not_found', message, requestId: request.ibex.requestId }));
}

/** A URL the router cannot read comes before every hook, so that the request is opened here. */
function answerFrameworkErrors(telemetry: Telemetry, unreadableBody: UnreadableBody) {
  const observe = createHttpObserver(telemetry);
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    request.ibex = observe(request.raw, reply.raw, {});
    const { requestId } = request.ibex;
    reply
      .code(statusOf({ statusCode: error.statusCode ?? 400 }))
      .send(unreadableBody({ code: 'malformed_url', message: 'The URL is not validly encoded.', requestId }));
  };
}

type UnreadableBody = NonNullable<HttpServerOptions['unreadableBody']>;

const malformed: Readonly<Record<string, readonly [status: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The request headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time.'],
};

/** What is not HTTP never reaches a hook; it is counted and answered here, with a request id like everything else. */
function answerMalformed(
  telemetry: Telemetry,
  {
    code,
    socket,
    unreadableBody,
  }: { code: string | undefined; socket: AnsweringSocket; unreadableBody: UnreadableBody },
): void {
  // In the middle of an answer another one would be taken for a part of it.
  if (code === 'ECONNRESET' || !socket.writable || socket._httpMessage?.headersSent === true) {
    socket.destroy();
    return;
  }
  const [status, message] = malformed[code ?? ''] ?? ['400 Bad Request', 'The request is not valid HTTP.'];
  telemetry.metrics.counter('http_requests_total').increment({
    method: 'other',
    path: 'unmatched',
    status: fold(statusCodes, status.slice(0, 3)),
  });
  const requestId = createRequestId();
  const body = JSON.stringify(unreadableBody({ code: 'malformed_request', message, requestId }));
  socket.end(
    `HTTP/1.1 ${status}\r\n` +
      `X-Request-ID: ${requestId}\r\nX-Trace-ID: ${noTraceId}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  // A client that does not hang up must not keep the connection.
  setTimeout(() => socket.destroy(), lingerMs).unref();
}
