import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo, type ReactElement } from 'react';
import { formatTime, millisOfNano } from '../time/format-time.ts';
import { useTime } from '../time/time-context.ts';
import { useTimeZone } from '../time/time-zone.ts';
import { Icon } from '../ui/icon.tsx';
import { ServiceTag } from '../ui/service-tag.tsx';
import { LevelTag } from './level-tag.tsx';
import { LogDetail } from './log-detail.tsx';
import type { LogRecord } from './log-queries.ts';
import styles from './log-row.module.css';

interface LogRowProps {
  line: LogRecord;
  open: boolean;
  onToggle: () => void;
}

const previewKeys = 6;
const previewCharacters = 60;
// Ids tell a reader nothing at a glance; they are one press away.
const idKeys = new Set([
  'request_id',
  'correlation_id',
  'trace_id',
  'span_id',
  'org_id',
  'user_id',
  'event_id',
]);

/** One line; opened, all its fields. */
export const LogRow = memo(
  function LogRow({ line, open, onToggle }: LogRowProps): ReactElement {
    const time = useLineTime(line.timeUnixNano);
    return (
      <article className={styles.row} data-level={line.level} data-open={open} data-testid="log-row">
        <div className={styles.head}>
          <button type="button" className={styles.line} aria-expanded={open} onClick={onToggle}>
            <span
              className={styles.mark}
              style={{ background: `var(--level-${line.level.toLowerCase()})` }}
            />
            <time className="numeric" title={time.full}>
              {time.short}
            </time>
            <LevelTag level={line.level} />
            <span className={styles.service}>
              <ServiceTag name={line.serviceName} />
            </span>
            <span className={styles.message}>
              {line.message}
              <Preview line={line} />
            </span>
          </button>
          {line.traceId !== null && <TraceLink traceId={line.traceId} spanId={line.spanId} />}
        </div>
        {open && <LogDetail line={line} />}
      </article>
    );
  },
  (before, after) => before.line === after.line && before.open === after.open,
);

function TraceLink({ traceId, spanId }: { traceId: string; spanId: string | null }): ReactElement {
  return (
    <Tooltip label="Open the trace at this span">
      <Link
        to="/traces/$traceId"
        params={{ traceId }}
        search={spanId === null ? {} : { span: spanId }}
        className={styles.trace}
        aria-label="Open the trace at this span"
        data-testid="log-trace-link"
      >
        <Icon name="traces" size={13} />
        <span className="mono">{traceId.slice(0, 8)}</span>
      </Link>
    </Tooltip>
  );
}

/** The first few fields, so that most lines need not be opened. */
function Preview({ line }: { line: LogRecord }): ReactElement {
  const entries = Object.entries(line.attributes)
    .filter(([key]) => !idKeys.has(key))
    .slice(0, previewKeys);
  return (
    <>
      {entries.map(([key, value]) => (
        <span key={key} className={styles.field}>
          <span className={styles.key}>{key}=</span>
          {previewText(value)}
        </span>
      ))}
    </>
  );
}

/** One short line, whatever the value. */
function previewText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.slice(0, previewCharacters).replaceAll(/\s+/g, ' ');
}

function useLineTime(unixNano: string): { short: string; full: string } {
  const zone = useTimeZone();
  const { window } = useTime();
  const instantMs = millisOfNano(unixNano);
  const time = formatTime(instantMs, 'millis', zone);
  const severalDays = window.endMs - window.startMs > 20 * 3_600_000;
  return {
    short: severalDays ? `${formatTime(instantMs, 'day', zone)} ${time}` : time,
    full: formatTime(instantMs, 'full', zone),
  };
}
