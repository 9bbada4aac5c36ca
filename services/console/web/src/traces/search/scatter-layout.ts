import { millisOfNano } from '../../time/format-time.ts';
import type { TimeWindow } from '../../time/time-range.ts';
import type { SpanSummary } from './span-search-query.ts';

const edgePixels = 7;
const dotLimit = 1000;

export interface ScatterLayout {
  dots: { span: SpanSummary; x: number; y: number }[];
  shortestNano: number;
  longestNano: number;
}

/** Places at most 1,000 spans by start and, logarithmically, by duration. */
export function placeDots(
  spans: readonly SpanSummary[],
  area: { window: TimeWindow; width: number; height: number },
): ScatterLayout {
  const shown = spans.slice(0, dotLimit);
  const durations = shown.map((span) => Math.max(1, span.durationNano));
  const shortestNano = durations.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const longestNano = durations.reduce((a, b) => Math.max(a, b), 1);
  const decades = Math.log(longestNano / shortestNano) || 1;
  const { window, width, height } = area;
  const dots = shown.map((span, index) => {
    const along = (millisOfNano(span.startTimeUnixNano) - window.startMs) / (window.endMs - window.startMs);
    const up = Math.log((durations[index] ?? 1) / shortestNano) / decades;
    return {
      span,
      x: Math.min(width - edgePixels, Math.max(edgePixels, along * width)),
      y: height - edgePixels - up * (height - 2 * edgePixels),
    };
  });
  return { dots, shortestNano: Number.isFinite(shortestNano) ? shortestNano : 1, longestNano };
}
