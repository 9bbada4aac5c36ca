import type { TimeZoneChoice } from './format-time.ts';

/** An instant as the value of a `datetime-local` field, to the second. */
export function inputOfInstant(instantMs: number, zone: TimeZoneChoice): string {
  const offsetMs = zone === 'utc' ? 0 : new Date(instantMs).getTimezoneOffset() * 60_000;
  return new Date(instantMs - offsetMs).toISOString().slice(0, 19);
}

/** The instant a `datetime-local` field means, in Unix milliseconds; undefined while it is incomplete. */
export function instantOfInput(value: string, zone: TimeZoneChoice): number | undefined {
  if (!/^\d{4,6}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(value)) return undefined;
  const instantMs = Date.parse(zone === 'utc' ? `${value}Z` : value);
  return Number.isFinite(instantMs) ? instantMs : undefined;
}
