import type { Attributes, LogRecord, SpanEvent, SpanLink, SpanRecord } from '../model.ts';
import type { StoredLog, TraceRecord } from './types.ts';

/** A span with its nested parts still as JSON text, as they lie in the database: cheap to send between threads. */
export interface EncodedSpan extends Omit<SpanRecord, 'attributes' | 'resource' | 'events' | 'links'> {
  attributes: string;
  resource: string;
  events: string;
  links: string;
}

export interface EncodedTrace extends Omit<TraceRecord, 'spans'> {
  spans: EncodedSpan[];
}

export interface EncodedLog extends Omit<LogRecord, 'attributes' | 'resource'> {
  id: string;
  attributes: string;
  resource: string;
}

export function decodeTrace(trace: EncodedTrace): TraceRecord {
  const resources = new Map<string, Attributes>();
  return { ...trace, spans: trace.spans.map((span) => decodeSpan(span, resources)) };
}

export function decodeLogs(logs: EncodedLog[]): StoredLog[] {
  const resources = new Map<string, Attributes>();
  return logs.map((log) => ({
    ...log,
    attributes: JSON.parse(log.attributes),
    resource: sharedResource(log.resource, resources),
  }));
}

function decodeSpan(span: EncodedSpan, resources: Map<string, Attributes>): SpanRecord {
  const links: SpanLink[] = JSON.parse(span.links);
  return {
    ...span,
    attributes: JSON.parse(span.attributes),
    resource: sharedResource(span.resource, resources),
    events: decodeEvents(span.events),
    links,
  };
}

/** The times were written as decimal text, for JSON has no bigint. */
function decodeEvents(text: string): SpanEvent[] {
  const events: (Omit<SpanEvent, 'timeUnixNano'> & { timeUnixNano: string })[] = JSON.parse(text);
  return events.map((event) => ({ ...event, timeUnixNano: BigInt(event.timeUnixNano) }));
}

function sharedResource(text: string, resources: Map<string, Attributes>): Attributes {
  const known = resources.get(text);
  if (known !== undefined) return known;
  const resource: Attributes = JSON.parse(text);
  resources.set(text, resource);
  return resource;
}
