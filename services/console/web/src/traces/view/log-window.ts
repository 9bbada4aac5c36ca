import { millisOfNano } from '../../time/format-time.ts';

const beforeMs = 60_000;
const afterMs = 300_000;

/** The time to look for log lines of a span or trace, as the address writes it: some slack, because lines may come late. */
export function logWindowOf(
  startTimeUnixNano: string,
  durationNano: number,
): { from: string; to: string; range: undefined } {
  const startMs = millisOfNano(startTimeUnixNano);
  return {
    from: String(Math.floor(startMs - beforeMs)),
    to: String(Math.ceil(startMs + durationNano / 1e6 + afterMs)),
    range: undefined,
  };
}
