import { currentSpan } from '../context/scope.ts';
import type { FlightRecorder } from '../flight-recorder/flight-recorder.ts';
import { RecordedSpan } from '../traces/recorded-span.ts';
import type { ExemplarSource } from './exemplars.ts';

/**
 * A span that only carries a trace on is exported by somebody else, or by nobody. One that has ended is of an earlier
 * request: what a kept connection calls runs in the scope of the request that opened it.
 */
function recordedSpan(): RecordedSpan | undefined {
  const span = currentSpan();
  return span instanceof RecordedSpan && span.isRecording ? span : undefined;
}

/** Takes exemplars from the active span; without a recorder only sampled spans are recorded at all. */
export function createExemplarSource(flightRecorder: FlightRecorder | undefined): ExemplarSource {
  return {
    current: recordedSpan,
    isKept: (traceId) => flightRecorder?.reasonOf(traceId) !== undefined,
  };
}
