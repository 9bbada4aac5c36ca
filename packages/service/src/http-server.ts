import type { Socket } from 'node:net';
import type { Telemetry } from '@ibex/telemetry';
import { httpTelemetry } from '@ibex/telemetry/http';
import { expositionContentType } from '@ibex/telemetry/metrics';
import { acceptRequestId, createRequestId } from '@ibex/telemetry/request-id';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { errorBody } from './error-body.ts';
import { checkReadiness, type DependencyCheck } from './readiness.ts';

export interface HttpServerOptions {
  readonly telemetry: Telemetry;
  /** For `/readyz`. */
  readonly dependencies?: Readonly<Record<string, DependencyCheck>>;
  /** Largest request body. Default 1 MiB. */
  readonly bodyLimitBytes?: number;
  /** Called before each exposition, e.g. to set gauges. */
  readonly onScrape?: () => void;
  /** Replaces the default shape of errors, e.g. by that of a provider's API. */
  readonly answerError?: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => unknown;
  readonly answerNotFound?: (request: FastifyRequest, reply: FastifyReply) => unknown;
}

const headersTimeoutMs = 15_000;
const keepAliveTimeoutMs = 72_000;
const maximumParameterLength = 500;
/** What `X-Trace-ID` says for an answer that belongs to no trace. */
const noTraceId = '0'.repeat(32);

/** A Fastify server with telemetry first, `/healthz`, `/readyz` and `/metrics`; routes are added by the caller. */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const { telemetry } = options;
  const app = fastify({
    bodyLimit: options.bodyLimitBytes ?? 1024 * 1024,
    requestTimeout: 0,
    keepAliveTimeout: keepAliveTimeoutMs,
    http: { headersTimeout: headersTimeoutMs },
    routerOptions: { maxParamLength: maximumParameterLength },
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: (error, socket) => answerMalformed(error as NodeJS.ErrnoException, socket as Socket),
  });
  app.register(httpTelemetry, { telemetry });
  app.setErrorHandler(options.answerError ?? answerError);
  app.setNotFoundHandler(options.answerNotFound ?? answerNotFound);
  app.register(async (routes) => operationalRoutes(routes, options));
  return app;
}

function operationalRoutes(
  app: FastifyInstance,
  { telemetry, dependencies = {}, onScrape }: HttpServerOptions,
): void {
  app.get('/healthz', async () => ({ status: 'ok', service: telemetry.service }));
  app.get('/readyz', async (_request, reply) => {
    const readiness = await checkReadiness(dependencies, telemetry.sanitiser);
    return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness);
  });
  if (!telemetry.settings.metrics.enabled) return;
  app.get(telemetry.settings.metrics.path, async (_request, reply) => {
    onScrape?.();
    return reply.header('content-type', expositionContentType).send(telemetry.metrics.exposition());
  });
}

/** The default for routes without a handler of their own: what broke inside stays inside, the request id tells where to look. */
function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const statusCode = error.statusCode ?? 500;
  const code = statusCode >= 500 ? 'internal' : error.code.replace(/^FST_ERR_/, '').toLowerCase();
  const message =
    statusCode >= 500 ? 'Something broke here. Look for the request id in the logs.' : error.message;
  return reply.code(statusCode).send(errorBody({ code, message, requestId: request.ibex.requestId }));
}

function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const message = `There is no ${request.method} ${request.url.split('?')[0]?.slice(0, 200)} here.`;
  return reply.code(404).send(errorBody({ code: 'not_found', message, requestId: request.ibex.requestId }));
}

/** A URL the router cannot read comes before every hook. */
function answerFrameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const requestId = acceptRequestId(request.headers['x-request-id']) ?? createRequestId();
  reply
    .code(error.statusCode ?? 400)
    .headers({ 'X-Request-ID': requestId, 'X-Trace-ID': noTraceId })
    .send(errorBody({ code: 'malformed_url', message: 'The URL is not validly encoded.', requestId }));
}

/** What is not HTTP never reaches a hook; it is answered here, with a request id like everything else. */
function answerMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const requestId = createRequestId();
  const message = tooLarge ? 'The request headers are too large.' : 'The request is not valid HTTP.';
  const body = JSON.stringify(errorBody({ code: 'malformed_request', message, requestId }));
  socket.end(
    `HTTP/1.1 ${tooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request'}\r\n` +
      `X-Request-ID: ${requestId}\r\nX-Trace-ID: ${noTraceId}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
