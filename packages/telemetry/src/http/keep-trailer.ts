import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FlightRecorder } from '../flight-recorder/flight-recorder.ts';
import type { KeepReason } from '../flight-recorder/keep-reason.ts';
import type { Telemetry } from '../telemetry.ts';
import { slowSoFar } from './keep-header.ts';
import type { HttpRequestRecord } from './record.ts';

export interface StreamedAnswer {
  readonly record: HttpRequestRecord;
  readonly response: ServerResponse;
}

/**
 * Has a streamed answer tell its caller at its end that the trace is kept, by the trailer `X-Ibex-Keep`: when a stream
 * fails, or turns out to be slow, its head is gone. To be called before the head is written, for answers whose length is
 * not known by then; others, and callers whose trace is not continued, are left alone.
 */
export function setKeepTrailer({ flightRecorder }: Telemetry, answer: StreamedAnswer): void {
  const { record, response } = answer;
  if (flightRecorder === undefined || !record.callerTrusted || !record.span.isRecording) return;
  if (!canHaveTrailers(response) || response.hasHeader('X-Ibex-Keep')) return;
  response.setHeader('Trailer', 'X-Ibex-Keep');
  const { end } = response;
  response.end = ((...rest: []) => {
    response.end = end;
    const reason = verdictAtEnd(flightRecorder, record);
    if (reason !== undefined) response.addTrailers({ 'X-Ibex-Keep': reason });
    return response.end(...rest);
  }) as typeof end;
}

/** Only what is sent in chunks ends with trailers (RFC 9112, section 7.1.2). */
function canHaveTrailers(response: ServerResponse): boolean {
  const { req, headersSent, statusCode } = response;
  if (headersSent || req.httpVersion !== '1.1' || req.method === 'HEAD') return false;
  return statusCode !== 204 && statusCode !== 304 && !response.hasHeader('Content-Length');
}

function verdictAtEnd(flightRecorder: FlightRecorder, record: HttpRequestRecord): KeepReason | undefined {
  const known = flightRecorder.reasonOf(record.span.traceId);
  if (known !== undefined) return known;
  return record.error === undefined ? slowSoFar(flightRecorder, record) : 'error';
}

/** Whether a framework's payload is sent as a stream. */
export function isStream(payload: unknown): boolean {
  return payload instanceof Readable || payload instanceof ReadableStream;
}
