import type { RequestRecord } from '../context/scope.ts';

/** How a request ended; the one source of its metrics, span attributes and log line. */
export interface RequestEnd {
  readonly request: RequestRecord;
  /** The status sent, or 499 when the client left before the answer was complete. */
  readonly statusCode: number;
  readonly durationSeconds: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** What a handler threw, when something did. */
  readonly error: unknown;
}

/** The status recorded for a client that left (nginx's convention). */
export const clientClosedRequest = 499;
