import { useElementSize } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { formatTick } from '../../time/format-time.ts';
import { useTime } from '../../time/time-context.ts';
import { useTimeZone } from '../../time/time-zone.ts';
import { formatDuration } from '../../ui/format.ts';
import { serviceColor } from '../../ui/series-colors.ts';
import styles from './duration-scatter.module.css';
import { placeDots } from './scatter-layout.ts';
import type { SpanSummary } from './span-search-query.ts';

const heightPixels = 92;
const ticks = [0, 0.2, 0.4, 0.6, 0.8];

/** Each result as a dot: when it started and how long it took, on a logarithmic scale; the table says the same. */
export function DurationScatter({ spans }: { spans: readonly SpanSummary[] }): ReactElement {
  const { ref, width } = useElementSize();
  const { window } = useTime();
  const zone = useTimeZone();
  const navigate = useNavigate();
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
          {ticks.map((share) => (
            <span key={share} style={{ left: `${share * 100}%` }}>
              {formatTick(window.startMs + share * (window.endMs - window.startMs), window, zone)}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}
