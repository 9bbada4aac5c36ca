import type { IncomingMessage, RequestListener } from 'node:http';
import { runInScope } from '../context/scope.ts';
import type { Telemetry } from '../telemetry.ts';
import { createNodeObserver, type NodeExchange } from './node-exchange.ts';
import { type ListenerOptions, unmatchedRoute } from './observer.ts';
import type { HttpRequestRecord } from './record.ts';

export interface NodeHttpOptions extends ListenerOptions {
  /** The route template of a request, e.g. `/users/:id`; undefined, or no function, records `unmatched`. */
  readonly route?: (request: IncomingMessage) => string | undefined;
}

/**
 * Wraps a listener of `node:http`: every response gets `X-Request-ID` and `X-Trace-ID`, and metrics, span and log line
 * at its end. What the listener throws, or its promise rejects with, is recorded and answered with 500, where Node would
 * end the process.
 *
 * @example
 * ```ts
 * createServer(observeHttp(telemetry, (request, response) => response.end('hello'), { route: () => '/hello' }));
 * ```
 */
export function observeHttp(
  telemetry: Telemetry,
  listener: RequestListener,
  { route, listener: name }: NodeHttpOptions = {},
): RequestListener {
  const observe = createNodeObserver(telemetry, { listener: name });
  return (request, response) => {
    const record = observe({ request, response }, { route: route?.(request) ?? unmatchedRoute });
    runInScope({ request: record, span: record.span }, () => {
      run(listener, { request, response, record });
    });
  };
}

async function run(
  listener: RequestListener,
  { request, response, record }: NodeExchange & { readonly record: HttpRequestRecord },
): Promise<void> {
  try {
    await (listener(request, response) as unknown);
  } catch (error) {
    record.error ??= error;
    if (response.headersSent && !response.writableEnded) response.destroy();
    if (!response.headersSent)
      response.writeHead(500, { 'content-type': 'text/plain' }).end('Internal Server Error');
  }
}
