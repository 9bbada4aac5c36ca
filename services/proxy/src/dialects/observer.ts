import type { JsonObject } from '../json.ts';
import type { CallReport } from '../providers/call-report.ts';

/**
 * What an event of a stream is: a part of the answer; one of its life cycle, such as a role or a ping, which is no first
 * token; token counts alone; the last one; or the report of a failure.
 */
export type EventKind = 'answer' | 'lifecycle' | 'usage' | 'end' | 'error';

/** An event with JSON in it. */
export interface JsonEvent {
  /** The `event` field; empty when there is none. */
  readonly name: string;
  readonly body: JsonObject;
}

/** Reads answers of one dialect on their way through, and writes usage, ids and reasons into the report. */
export interface Observer {
  /** A whole answer. */
  answer(body: JsonObject, report: CallReport): void;
  /** One event of a stream. */
  event(event: JsonEvent, report: CallReport): EventKind;
  /** The data, not JSON, that ends a stream; undefined where an event does. */
  readonly endMarker: string | undefined;
}
