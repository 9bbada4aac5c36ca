import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { LevelTag } from '../../logs/level-tag.tsx';
import { type LogRecord, spanLogsQuery } from '../../logs/log-queries.ts';
import { formatTime, millisOfNano } from '../../time/format-time.ts';
import { useTimeZone } from '../../time/time-zone.ts';
import { Icon } from '../../ui/icon.tsx';
import { logWindowOf } from './log-window.ts';
import styles from './span-detail.module.css';
import type { Span } from './waterfall-layout.ts';

/** The log lines written inside a span, oldest first; each leads to the line among the logs. */
export function SpanLogs({ span }: { span: Span }): ReactElement {
  const { from, to } = logWindowOf(span.startTimeUnixNano, span.durationNano);
  const logs = useQuery(
    spanLogsQuery({ traceId: span.traceId, spanId: span.spanId, start: Number(from), end: Number(to) }),
  );
  const lines = logs.data?.logs ?? [];
  return (
    <details className={styles.section} open>
      <summary className={styles.sectionTitle}>
        <Icon name="chevronRight" size={12} />
        Logs{' '}
        <span className={styles.count}>
          {logs.isSuccess ? countText(lines.length, logs.data.nextCursor) : ''}
        </span>
      </summary>
      {logs.isPending && <Skeleton height={14} mx={6} width="80%" />}
      {logs.isError && <p className={styles.none}>The log lines could not be read: {logs.error.message}</p>}
      {logs.isSuccess && lines.length === 0 && (
        <p className={styles.none}>
          This span wrote no log line.{' '}
          <Link
            to="/logs"
            search={{ traceId: span.traceId, from, to, range: undefined }}
            className="text-link"
          >
            Lines of the whole trace
          </Link>
        </p>
      )}
      <ul className={styles.logs}>
        {lines.toReversed().map((line) => (
          <li key={line.id}>
            <SpanLogLine line={line} range={{ from, to }} />
          </li>
        ))}
      </ul>
    </details>
  );
}

interface SpanLogLineProps {
  line: LogRecord;
  range: { from: string; to: string };
}

function SpanLogLine({ line, range }: SpanLogLineProps): ReactElement {
  const zone = useTimeZone();
  return (
    <Link
      to="/logs"
      search={{ traceId: line.traceId ?? undefined, log: line.id, ...range, range: undefined }}
      className={styles.log}
      title={line.message}
    >
      <time className="numeric">{formatTime(millisOfNano(line.timeUnixNano), 'millis', zone)}</time>
      <LevelTag level={line.level} />
      <span>{line.message}</span>
    </Link>
  );
}

function countText(count: number, nextCursor: string | null): string {
  return nextCursor === null ? String(count) : `${count}+`;
}
