import type { TimeZoneChoice } from './format-time.ts';
import type { TimeWindow } from './time-range.ts';

/** Steps between ticks that people count in, in milliseconds. */
export const tickStepsMs = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
  604_800, 1_209_600, 2_592_000,
].map((seconds) => seconds * 1000);
const tickLimit = 50;

/** Round instants of a window, about `count` of them, in Unix milliseconds; round on the clock that is shown. */
export function roundTicks(window: TimeWindow, options: { count: number; zone: TimeZoneChoice }): number[] {
  const roughMs = (window.endMs - window.startMs) / options.count;
  const stepMs = tickStepsMs.find((step) => step >= roughMs) ?? 2_592_000_000;
  const offsetMs = options.zone === 'utc' ? 0 : new Date(window.startMs).getTimezoneOffset() * 60_000;
  const firstMs = Math.ceil((window.startMs - offsetMs) / stepMs) * stepMs + offsetMs;
  const ticks: number[] = [];
  for (let tickMs = firstMs; tickMs < window.endMs && ticks.length < tickLimit; tickMs += stepMs)
    ticks.push(tickMs);
  return ticks;
}
