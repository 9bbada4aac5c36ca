import type { ErrorEvent } from '@sentry/core';
import type { LogEntry } from '../logs/json-line.ts';
import type { Sanitiser } from '../privacy/sanitiser.ts';
import { describeThrown } from '../traces/exception.ts';
import { createTraceId } from '../traces/ids.ts';
import { parseStack } from './stack-frames.ts';

/** What is the same in every event of a process. */
export interface EventOrigin {
  readonly service: string;
  readonly release: string;
  readonly environment: string;
}

/** The line of an error that nobody caught. */
const crashMessage = 'crashed';
const maximumCauses = 5;
const firstServerError = 500;

/** Whether a line of level ERROR tells of an error: it carries one, or it ends a request that failed. */
export function tellsOfError({ fields }: LogEntry): boolean {
  return fields !== undefined && (fields.error !== undefined || Number(fields.status) >= firstServerError);
}

/**
 * The event of a line: its error with what caused it, the ids of the request, and the other fields of the line. Nothing
 * of the request itself goes along, neither its URL nor headers nor body, and every value passes the sanitiser.
 */
export function createErrorEvent(
  entry: LogEntry,
  { origin, sanitiser }: { origin: EventOrigin; sanitiser: Sanitiser },
): ErrorEvent {
  const { message, request, span, fields = {} } = entry;
  const { error, status, method = request?.method, route = request?.route, ...rest } = fields;
  const isCrash = message === crashMessage;
  const event = {
    event_id: createTraceId(),
    timestamp: Date.now() / 1000,
    platform: 'node',
    level: isCrash ? 'fatal' : 'error',
    release: origin.release,
    environment: origin.environment,
    message,
    ...(method === undefined || route === undefined ? {} : { transaction: `${method} ${route}` }),
    ...(error === undefined ? {} : { exception: { values: exceptionsOf(error, { sanitiser, isCrash }) } }),
    contexts: {
      runtime: { name: 'node', version: process.version },
      ...(span === undefined ? {} : { trace: { trace_id: span.traceId, span_id: span.spanId } }),
    },
    tags: tagsOf({ service: origin.service, ...idsOf(entry), method, route, status_code: status }),
    extra: rest,
  };
  // The type is a promise of what is above; a copy without secrets has the same shape.
  return sanitiser.sanitise(event) as ErrorEvent;
}

function idsOf({ request }: LogEntry): Record<string, unknown> {
  return {
    request_id: request?.requestId,
    correlation_id: request?.correlationId,
    org_id: request?.orgId,
  };
}

function tagsOf(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}

/** What was thrown comes last, what caused it before. */
function exceptionsOf(
  thrown: unknown,
  { sanitiser, isCrash }: { sanitiser: Sanitiser; isCrash: boolean },
): object[] {
  const exceptions: object[] = [];
  const seen = new Set<unknown>();
  for (let error = thrown; error !== undefined && exceptions.length < maximumCauses; error = causeOf(error)) {
    if (seen.has(error)) break;
    seen.add(error);
    const { type, message, stack } = describeThrown(error);
    const frames = parseStack(sanitiser.redactText(stack));
    exceptions.unshift({
      type,
      value: message,
      mechanism: { type: 'generic', handled: !isCrash },
      ...(frames.length === 0 ? {} : { stacktrace: { frames } }),
    });
  }
  return exceptions;
}

/** A getter may throw. */
function causeOf(error: unknown): unknown {
  try {
    return error instanceof Error ? error.cause : undefined;
  } catch {
    return undefined;
  }
}
