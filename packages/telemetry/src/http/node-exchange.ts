import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { currentRequest, runInScope } from '../context/scope.ts';
import type { Telemetry } from '../telemetry.ts';
import { setKeepHeader } from './keep-header.ts';
import { createHttpObserver, type ListenerOptions, type ObserveOptions } from './observer.ts';
import { type HttpRequestRecord, keepRecord } from './record.ts';

/** A request and its response as `node:http` gives them. */
export interface NodeExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Builds what the adapters without hooks of their framework share: they observe through request and response alone. */
export function createNodeObserver(
  telemetry: Telemetry,
  listenerOptions: ListenerOptions,
): (exchange: NodeExchange, options: ObserveOptions) => HttpRequestRecord {
  const observe = createHttpObserver(telemetry, listenerOptions);
  return ({ request, response }, options) => {
    const record = observe(request, response, options);
    keepRecord(request, record);
    runListenersInside(request, record);
    runListenersInside(response, record);
    announceKeep(telemetry, { response, record });
    noteBreak(response, record);
    return record;
  };
}

/** Node emits the events of a request from the socket's own async context, where the request is not known. */
function runListenersInside(emitter: EventEmitter, record: HttpRequestRecord): void {
  const { emit } = emitter;
  emitter.emit = (event: string | symbol, ...args: unknown[]) => {
    // Inside the request already, perhaps in a span below the server span.
    if (currentRequest() === record) return emit.call(emitter, event, ...args);
    return runInScope({ request: record, span: record.span }, () => emit.call(emitter, event, ...args));
  };
}

/** Every response passes `writeHead`, which Node calls itself where a handler does not. */
function announceKeep(
  telemetry: Telemetry,
  { response, record }: { response: ServerResponse; record: HttpRequestRecord },
): void {
  const { writeHead } = response;
  response.writeHead = ((statusCode: number, ...rest: []) => {
    setKeepHeader(telemetry, { record, response, statusCode });
    return writeHead.call(response, statusCode, ...rest);
  }) as typeof writeHead;
}

/** An answer that is broken off with an error, e.g. of the stream behind it, was not left by the client. */
function noteBreak(response: ServerResponse, record: HttpRequestRecord): void {
  const { destroy } = response;
  response.destroy = (error?: Error) => {
    if (error !== undefined && !response.destroyed) record.error ??= error;
    return destroy.call(response, error);
  };
}
