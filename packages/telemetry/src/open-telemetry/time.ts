import type { HrTime, TimeInput } from '@opentelemetry/api';
import { nowUnixMs } from '../traces/clock.ts';

/** Nine years: no process is older, and no instant since 1980 is as small a number of Unix milliseconds. */
const longestUptimeMs = 3e11;

/** Seconds and nanoseconds, a `Date`, or Unix milliseconds; a number too small for those is one of `performance.now()`. */
export function toUnixMs(time: TimeInput | undefined): number | undefined {
  const value = read(time);
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function read(time: TimeInput | undefined): number | undefined {
  if (Array.isArray(time)) return time[0] * 1_000 + time[1] / 1e6;
  if (time instanceof Date) return time.getTime();
  if (typeof time !== 'number') return undefined;
  return time < longestUptimeMs ? nowUnixMs() - performance.now() + time : time;
}

export function isTimeInput(value: unknown): value is TimeInput {
  if (typeof value === 'number' || value instanceof Date) return true;
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'number');
}

/** Unix milliseconds as seconds and nanoseconds. */
export function toHrTime(unixMs: number): HrTime {
  const seconds = Math.floor(unixMs / 1_000);
  return [seconds, Math.min(Math.round((unixMs - seconds * 1_000) * 1e6), 999_999_999)];
}
