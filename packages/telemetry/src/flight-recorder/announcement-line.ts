import type { Announcement } from './keep-bus.ts';
import { isTraceId, parseKeepReason } from './keep-reason.ts';

/** Longest line that can be an announcement. */
export const maximumLineLength = 256;

/** An announcement as one line of JSON, the form it has between processes. */
export function formatAnnouncement({ traceId, reason }: Announcement): string {
  return `{"traceId":"${traceId}","reason":"${reason}"}\n`;
}

/** Reads such a line; undefined when it is none. */
export function parseAnnouncement(line: string): Announcement | undefined {
  if (line.length > maximumLineLength) return undefined;
  try {
    const { traceId, reason } = JSON.parse(line) as Record<string, unknown>;
    const known = parseKeepReason(reason);
    return known === undefined || !isTraceId(traceId) ? undefined : { traceId, reason: known };
  } catch {
    return undefined;
  }
}
