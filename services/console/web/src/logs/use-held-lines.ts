import { useState } from 'react';
import type { LogRecord } from './log-queries.ts';

/** Keeps showing the lines of the moment when holding began, and counts those that came since. */
export function useHeldLines(
  lines: readonly LogRecord[],
  hold: boolean,
): { shown: readonly LogRecord[]; waiting: number } {
  const [held, setHeld] = useState<readonly LogRecord[] | null>(null);
  if (hold && held === null) setHeld(lines);
  if (!hold && held !== null) setHeld(null);
  if (!hold || held === null) return { shown: lines, waiting: 0 };
  return { shown: held, waiting: newLines(lines, held) };
}

/** How many of the lines, newest first, came after the newest that is held. */
export function newLines(lines: readonly LogRecord[], held: readonly LogRecord[]): number {
  const known = new Set(held.map((line) => line.id));
  const firstKnown = lines.findIndex((line) => known.has(line.id));
  return firstKnown === -1 ? lines.length : firstKnown;
}
