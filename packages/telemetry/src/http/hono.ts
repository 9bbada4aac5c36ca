import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context, Env, MiddlewareHandler } from 'hono';
import { runInScope } from '../context/scope.ts';
import type { Telemetry } from '../telemetry.ts';
import { isServerError } from './express.ts';
import { createNodeObserver } from './node-exchange.ts';
import type { ListenerOptions } from './observer.ts';
import { httpRecordOf } from './record.ts';

/** What `@hono/node-server` puts into `c.env`. */
interface NodeBindings {
  readonly incoming?: IncomingMessage;
  readonly outgoing?: ServerResponse;
}

/**
 * Hono middleware for the telemetry of a server run by `@hono/node-server`: use it first, for every path. What handlers
 * throw is recorded where Hono keeps it.
 *
 * @example
 * ```ts
 * app.use(honoTelemetry(telemetry));
 * serve({ fetch: app.fetch });
 * ```
 * @throws {TypeError} when a request does not come from `@hono/node-server`.
 */
export function honoTelemetry(telemetry: Telemetry, options: ListenerOptions = {}): MiddlewareHandler {
  const observe = createNodeObserver(telemetry, options);
  return async (c, next) => {
    const { incoming, outgoing } = (c.env ?? {}) as NodeBindings;
    if (incoming === undefined || outgoing === undefined) {
      throw new TypeError(
        'honoTelemetry needs the request of node:http, and c.env.incoming is absent. Serve the app with @hono/node-server.',
      );
    }
    // Used twice, e.g. in a mounted app as well: the request has its record already.
    if (httpRecordOf(incoming) !== undefined) return next();
    const record = observe({ request: incoming, response: outgoing }, { routeAtEnd: () => routeOf(c) });
    await runInScope({ request: record, span: record.span }, next);
    if (c.error !== undefined && isServerError(c.error)) record.error ??= c.error;
  };
}

/** The template of the last handler that matched. Middleware is told from handlers as Hono does: it takes `next`. */
function routeOf(c: Context<Env>): string | undefined {
  const handlers = c.req.matchedRoutes.filter(
    ({ method, handler }) => method !== 'ALL' || handlerBehind(handler).length < 2,
  );
  return handlers.at(-1)?.path;
}

/** A sub-app with an error handler of its own wraps its handlers. */
function handlerBehind(handler: object): { readonly length: number } {
  const composed = (handler as { __COMPOSED_HANDLER?: { readonly length: number } }).__COMPOSED_HANDLER;
  return composed ?? (handler as { readonly length: number });
}
