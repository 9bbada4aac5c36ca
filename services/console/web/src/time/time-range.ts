import { patternParam, type RawSearch, textParam } from '../ui/search-params.ts';

/** The part of every view's address that says which time it shows. */
export interface TimeSearch {
  /** Relative range, such as `15m`, `6h` or `7d`. */
  range?: string | undefined;
  /** Start and end of an absolute range, Unix milliseconds or ISO 8601; both or neither. */
  from?: string | undefined;
  to?: string | undefined;
  /** `1` while the view follows the present. */
  live?: string | undefined;
}

/** A span of time in Unix milliseconds; the end is exclusive. */
export interface TimeWindow {
  startMs: number;
  endMs: number;
}

export type TimeRange =
  | { kind: 'relative'; token: string; durationMs: number }
  | ({ kind: 'absolute' } & TimeWindow);

const defaultRangeToken = '1h';
export const rangeChoices = [
  { token: '15m', label: 'Last 15 minutes' },
  { token: '1h', label: 'Last hour' },
  { token: '6h', label: 'Last 6 hours' },
  { token: '24h', label: 'Last 24 hours' },
] as const;

const unitNames: Record<string, string> = { s: 'second', m: 'minute', h: 'hour', d: 'day' };

/** A relative range in words, also one that nobody offers: `Last 3 minutes`. */
export function labelOfToken(token: string): string {
  const offered = rangeChoices.find((choice) => choice.token === token);
  if (offered !== undefined) return offered.label;
  const count = Number.parseInt(token, 10);
  const name = unitNames[token.slice(-1)] ?? '';
  return count === 1 ? `Last ${name}` : `Last ${count} ${name}s`;
}

const unitMs: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const longestRangeMs = 90 * 86_400_000;

/** Reads the time from the address; what makes no sense is ignored. */
export function parseTimeSearch(raw: RawSearch): TimeSearch {
  const search: TimeSearch = {};
  const range = patternParam(raw.range, /^\d{1,5}[smhd]$/);
  if (range !== undefined && durationOfToken(range) !== undefined) search.range = range;
  const from = textParam(raw.from);
  const to = textParam(raw.to);
  if (from !== undefined && to !== undefined && windowOfTexts(from, to) !== undefined) {
    search.from = from;
    search.to = to;
  }
  if (textParam(raw.live) === '1' && search.from === undefined) search.live = '1';
  return search;
}

/** The range a view shows; an absolute one wins over a relative one. */
export function rangeOfSearch(search: TimeSearch): TimeRange {
  const absolute = search.from && search.to ? windowOfTexts(search.from, search.to) : undefined;
  if (absolute !== undefined) return { kind: 'absolute', ...absolute };
  const token = search.range ?? defaultRangeToken;
  const durationMs = durationOfToken(token) ?? unitMs.h ?? 0;
  return { kind: 'relative', token, durationMs };
}

/** A time brought from another page as the overview can show it: ending now, five minutes to a day long. */
export function overviewTime(search: TimeSearch): TimeSearch {
  const durationMs = durationOfToken(search.range ?? defaultRangeToken) ?? 0;
  const fitting = durationMs < 300_000 ? '5m' : durationMs > 86_400_000 ? '24h' : search.range;
  return { ...search, range: fitting, from: undefined, to: undefined };
}

/** The window that a range means at a given moment. */
export function windowOfRange(range: TimeRange, nowMs: number): TimeWindow {
  if (range.kind === 'absolute') return { startMs: range.startMs, endMs: range.endMs };
  return { startMs: nowMs - range.durationMs, endMs: nowMs };
}

/** Milliseconds of a token such as `90s` or `7d`; undefined when it is malformed, zero or longer than 90 days. */
function durationOfToken(token: string): number | undefined {
  const match = /^(\d{1,5})([smhd])$/.exec(token);
  if (match === null) return undefined;
  const durationMs = Number(match[1]) * (unitMs[match[2] ?? ''] ?? 0);
  return durationMs > 0 && durationMs <= longestRangeMs ? durationMs : undefined;
}

/** The address of an absolute window. */
export function searchOfWindow(window: TimeWindow): TimeSearch {
  return {
    range: undefined,
    from: String(Math.floor(window.startMs)),
    to: String(Math.ceil(window.endMs)),
    live: undefined,
  };
}

/** A step that keeps a chart of the window at about 120 points, from a list people recognise. */
export function stepSecondsOf(window: TimeWindow): number {
  const wanted = (window.endMs - window.startMs) / 1000 / 120;
  const steps = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400];
  return steps.find((step) => step >= wanted) ?? 86_400;
}

function windowOfTexts(from: string, to: string): TimeWindow | undefined {
  const startMs = instantOfText(from);
  const endMs = instantOfText(to);
  if (startMs === undefined || endMs === undefined) return undefined;
  return endMs > startMs && endMs - startMs <= longestRangeMs ? { startMs, endMs } : undefined;
}

function instantOfText(text: string): number | undefined {
  const instantMs = /^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(instantMs) && instantMs >= 0 ? instantMs : undefined;
}
