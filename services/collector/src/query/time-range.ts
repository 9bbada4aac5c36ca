import type { TimeRange } from '../store/types.ts';
import type { Parameters } from './parameters.ts';
import { invalidParameter } from './problems.ts';

const HOUR_MS = 3_600_000;
const MS_PER_SECOND = 1000;
/** Nanoseconds are stored as signed 64-bit integers: the last representable millisecond, in the year 2262. */
const LAST_UNIX_MS = 9_223_372_036_854;
const DEFAULT_STEPS = 120;
const MIN_DEFAULT_STEP_SECONDS = 5;
/** As many as Prometheus gives. */
const MAX_STEPS = 11_000;

export const RANGE_PARAMETERS = ['start', 'end'] as const;

/** `start` and `end`, by default the last hour. */
export function readTimeRange(parameters: Parameters): TimeRange {
  const endUnixMs = parameters.integer('end', { minimum: 0, maximum: LAST_UNIX_MS }) ?? Date.now();
  const startUnixMs =
    parameters.integer('start', { minimum: 0, maximum: LAST_UNIX_MS }) ?? Math.max(endUnixMs - HOUR_MS, 0);
  if (startUnixMs < endUnixMs) return { startUnixMs, endUnixMs };
  throw invalidParameter(
    `'start' must be before 'end': start is ${startUnixMs}, end is ${endUnixMs}. Both are Unix milliseconds; swap or correct them`,
  );
}

/** `stepSeconds`, by default a 120th of the range but at least 5 s. */
export function readStepSeconds(parameters: Parameters, { startUnixMs, endUnixMs }: TimeRange): number {
  const rangeSeconds = (endUnixMs - startUnixMs) / MS_PER_SECOND;
  const stepSeconds =
    parameters.integer('stepSeconds', { minimum: 1, maximum: LAST_UNIX_MS / MS_PER_SECOND }) ??
    Math.max(Math.ceil(rangeSeconds / DEFAULT_STEPS), MIN_DEFAULT_STEP_SECONDS);
  if (rangeSeconds / stepSeconds <= MAX_STEPS) return stepSeconds;
  throw invalidParameter(
    `'stepSeconds' must cut the range into at most ${MAX_STEPS} steps: ${stepSeconds} over ${rangeSeconds} s makes ` +
      `${Math.ceil(rangeSeconds / stepSeconds)}. Ask for at least ${Math.ceil(rangeSeconds / MAX_STEPS)}`,
  );
}
