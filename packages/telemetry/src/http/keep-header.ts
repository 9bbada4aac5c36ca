import type { ServerResponse } from 'node:http';
import type { FlightRecorder } from '../flight-recorder/flight-recorder.ts';
import type { KeepReason } from '../flight-recorder/keep-reason.ts';
import type { Telemetry } from '../telemetry.ts';
import type { HttpRequestRecord } from './record.ts';

const firstServerError = 500;

/** A request whose answer is about to be sent. */
export interface PendingAnswer {
  readonly record: HttpRequestRecord;
  readonly response: ServerResponse;
  readonly statusCode: number;
}

/** The verdict on a request as far as it is known before its answer is sent. */
function verdictSoFar(telemetry: Telemetry, { record, statusCode }: PendingAnswer): KeepReason | undefined {
  const { span, callerTrusted, error = record.thrown } = record;
  const { flightRecorder } = telemetry;
  if (flightRecorder === undefined || !callerTrusted || !span.isRecording) return undefined;
  const known = flightRecorder.reasonOf(span.traceId);
  if (known !== undefined) return known;
  if (statusCode >= firstServerError) return error === undefined ? 'status' : 'error';
  return slowSoFar(flightRecorder, record);
}

/** Whether a request has taken longer already than the objective of its route. */
export function slowSoFar(
  { slowThresholds }: FlightRecorder,
  { route, startedAtMs }: HttpRequestRecord,
): KeepReason | undefined {
  const threshold = slowThresholds.get(route);
  if (threshold === undefined) return undefined;
  return (performance.now() - startedAtMs) / 1000 > threshold ? 'slow' : undefined;
}

/** Tells the caller that the trace is kept, so that it keeps its part. */
export function setKeepHeader(telemetry: Telemetry, answer: PendingAnswer): void {
  if (answer.response.headersSent) return;
  const reason = verdictSoFar(telemetry, answer);
  if (reason !== undefined) answer.response.setHeader('X-Ibex-Keep', reason);
}
