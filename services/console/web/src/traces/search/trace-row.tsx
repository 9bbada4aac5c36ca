import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { formatTime, millisOfNano } from '../../time/format-time.ts';
import { useTime } from '../../time/time-context.ts';
import { useTimeZone } from '../../time/time-zone.ts';
import { formatDuration } from '../../ui/format.ts';
import { serviceColor } from '../../ui/series-colors.ts';
import { ServiceTag } from '../../ui/service-tag.tsx';
import list from '../../ui/virtual-list.module.css';
import { SpanStatusTag } from '../span-status-tag.tsx';
import type { SpanSummary } from './span-search-query.ts';
import styles from './trace-table.module.css';

interface TraceRowProps {
  span: SpanSummary;
  /** The longest duration in the list, to which the bar is drawn. */
  longestNano: number;
  topPixels: number;
}

const namesShown = 2;
const swatchesShown = 8;

/** One result; the whole row is the link to its trace. */
export function TraceRow({ span, longestNano, topPixels }: TraceRowProps): ReactElement {
  const instant = useInstant(span.startTimeUnixNano);
  const share = Math.max(0.004, span.durationNano / longestNano);
  return (
    <tr
      className={`${list.item} ${styles.row}`}
      style={{ transform: `translateY(${topPixels}px)` }}
      data-testid="trace-row"
      data-trace-id={span.traceId}
    >
      <td className={`${styles.time} numeric`} title={instant.full}>
        {instant.short}
      </td>
      <td className={styles.cut}>
        <ServiceTag name={span.serviceName} />
      </td>
      <td className={styles.cut}>
        <Link
          to="/traces/$traceId"
          params={{ traceId: span.traceId }}
          search={span.parentSpanId === null ? {} : { span: span.spanId }}
          className={styles.link}
          title={span.name}
        >
          {span.name}
        </Link>
      </td>
      <td className={styles.duration}>
        <span className={styles.track}>
          <span
            className={styles.bar}
            style={{
              width: `${share * 100}%`,
              background: span.status === 'error' ? 'var(--bad-fill)' : serviceColor(span.serviceName),
            }}
          />
        </span>
        <span className={`${styles.durationText} numeric`}>{formatDuration(span.durationNano)}</span>
      </td>
      <td className={styles.cut} title={span.statusMessage}>
        <SpanStatusTag status={span.status} httpStatusCode={span.httpStatusCode} />
      </td>
      <td className={`${styles.right} numeric`}>{span.traceSpanCount}</td>
      <td className={`${styles.right} numeric`} data-bad={span.traceErrorCount > 0}>
        {span.traceErrorCount > 0 ? span.traceErrorCount : '–'}
      </td>
      <td className={styles.services} title={span.traceServices.join(', ')}>
        <Services names={span.traceServices} />
      </td>
    </tr>
  );
}

/** Two services fit by name; more are told by their colours and their number. */
function Services({ names }: { names: readonly string[] }): ReactElement {
  if (names.length <= namesShown)
    return (
      <>
        {names.map((name) => (
          <ServiceTag key={name} name={name} />
        ))}
      </>
    );
  return (
    <>
      <span className={styles.swatches}>
        {names.slice(0, swatchesShown).map((name) => (
          <span key={name} style={{ background: serviceColor(name) }} />
        ))}
      </span>
      {names.length} services
    </>
  );
}

/** Within a day the time of day is enough. */
function useInstant(unixNano: string): { short: string; full: string } {
  const zone = useTimeZone();
  const { window } = useTime();
  const instantMs = millisOfNano(unixNano);
  const severalDays = window.endMs - window.startMs > 20 * 3_600_000;
  const time = formatTime(instantMs, 'millis', zone);
  return {
    short: severalDays ? `${formatTime(instantMs, 'day', zone)} ${time}` : time,
    full: formatTime(instantMs, 'full', zone),
  };
}
