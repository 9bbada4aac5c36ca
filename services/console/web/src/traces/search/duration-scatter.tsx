import { useElementSize } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { formatTick, millisOfNano } from '../../time/format-time.ts';
import { roundTicks } from '../../time/round-ticks.ts';
import { useTime } from '../../time/time-context.ts';
import type { TimeWindow } from '../../time/time-range.ts';
import { useTimeZone } from '../../time/time-zone.ts';
import { formatDuration } from '../../ui/format.ts';
import { serviceColor } from '../../ui/series-colors.ts';
import styles from './duration-scatter.module.css';
import { placeDots } from './scatter-layout.ts';
import type { SpanSummary } from './span-search-query.ts';

const heightPixels = 92;

interface DurationScatterProps {
  spans: readonly SpanSummary[];
  /** Whether older results exist that have not been loaded: the picture then begins with the oldest at hand. */
  hasMore: boolean;
}

/** Each result as a dot: when it started and how long it took, on a logarithmic scale; the table says the same. */
export function DurationScatter({ spans, hasMore }: DurationScatterProps): ReactElement {
  const { ref, width } = useElementSize();
  const { window: wanted } = useTime();
  const window = hasMore ? loadedWindow(spans, wanted) : wanted;
  const zone = useTimeZone();
  const navigate = useNavigate();
  const ticks = roundTicks(window, { count: 8, zone });
  const stepMs = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  const layout = placeDots(spans, { window, width, height: heightPixels });
  return (
    <div className={styles.scatter} aria-hidden="true">
      <div className={styles.scale}>
        <span>{formatDuration(layout.longestNano)}</span>
        <span>{formatDuration(layout.shortestNano)}</span>
      </div>
      <div className={styles.plot} ref={ref}>
        <div className={styles.dots} style={{ height: heightPixels }}>
          {layout.dots.map(({ span, x, y }) => (
            <button
              key={`${span.traceId} ${span.spanId}`}
              type="button"
              tabIndex={-1}
              className={styles.dot}
              title={`${span.serviceName}\n${span.name}\n${formatDuration(span.durationNano)}`}
              style={{
                left: x,
                top: y,
                background: span.status === 'error' ? 'var(--bad-fill)' : serviceColor(span.serviceName),
              }}
              onClick={() =>
                void navigate({
                  to: '/traces/$traceId',
                  params: { traceId: span.traceId },
                  search: { span: span.spanId },
                })
              }
            />
          ))}
        </div>
        <div className={styles.ticks}>
          {ticks.map((tickMs) => (
            <span
              key={tickMs}
              style={{ left: `${((tickMs - window.startMs) / (window.endMs - window.startMs)) * 100}%` }}
            >
              {formatTick(tickMs, stepMs, zone)}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

function loadedWindow(spans: readonly SpanSummary[], wanted: TimeWindow): TimeWindow {
  const oldestMs = spans.reduce(
    (oldest, span) => Math.min(oldest, millisOfNano(span.startTimeUnixNano)),
    wanted.endMs,
  );
  return oldestMs < wanted.endMs ? { startMs: oldestMs, endMs: wanted.endMs } : wanted;
}
