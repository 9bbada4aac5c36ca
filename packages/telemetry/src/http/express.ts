import type { IncomingMessage, ServerResponse } from 'node:http';
import { runInScope } from '../context/scope.ts';
import type { Telemetry } from '../telemetry.ts';
import { trackExpressRoute } from './express-route.ts';
import { createNodeObserver } from './node-exchange.ts';
import type { ListenerOptions } from './observer.ts';
import { httpRecordOf } from './record.ts';

type Next = (error?: unknown) => void;

/**
 * Express middleware for the telemetry of a server: use it first, and `expressErrors` last, so that what handlers throw
 * is recorded. The route is the template of the route that matched, with the templates of the routers above it.
 *
 * @example
 * ```ts
 * app.use(expressTelemetry(telemetry));
 * app.get('/users/:id', handler);
 * app.use(expressErrors());
 * ```
 */
export function expressTelemetry(
  telemetry: Telemetry,
  options: ListenerOptions = {},
): (request: IncomingMessage, response: ServerResponse, next: Next) => void {
  const observe = createNodeObserver(telemetry, options);
  return (request, response, next) => {
    // Used twice, e.g. in a mounted app as well: the request has its record already.
    if (httpRecordOf(request) !== undefined) return next();
    const record = observe({ request, response }, { routeAtEnd: trackExpressRoute(request) });
    runInScope({ request: record, span: record.span }, next);
  };
}

/** Express error middleware that records what was thrown and passes it on; use it after the routes. */
export function expressErrors(): (
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  next: Next,
) => void {
  return (error, request, _response, next) => {
    const record = httpRecordOf(request);
    if (record !== undefined && isServerError(error)) record.error ??= error;
    next(error);
  };
}

/** Errors that carry a status below 500, such as those of body parsers, are the caller's. */
export function isServerError(error: unknown): boolean {
  const { status, statusCode } = (error ?? {}) as { status?: unknown; statusCode?: unknown };
  const code = status ?? statusCode;
  return typeof code !== 'number' || code >= 500;
}
