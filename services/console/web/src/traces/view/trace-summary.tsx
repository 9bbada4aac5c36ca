import { type ReactElement, type ReactNode, useMemo } from 'react';
import { formatTime, millisOfNano } from '../../time/format-time.ts';
import { useTimeZone } from '../../time/time-zone.ts';
import { ButtonLink } from '../../ui/button-link.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatDuration } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { ServiceTag } from '../../ui/service-tag.tsx';
import { logWindowOf } from './log-window.ts';
import { noticesOf } from './trace-notices.ts';
import type { Trace } from './trace-query.ts';
import styles from './trace-summary.module.css';
import type { WaterfallLayout } from './waterfall-layout.ts';

/** The facts of the whole trace in one line. */
export function TraceSummary({ trace, layout }: { trace: Trace; layout: WaterfallLayout }): ReactElement {
  const zone = useTimeZone();
  return (
    <div className={styles.summary}>
      <dl className={styles.facts}>
        <Fact name="Start">{formatTime(millisOfNano(String(layout.startUnixNano)), 'full', zone)}</Fact>
        <Fact name="Duration">
          {formatDuration(trace.truncated ? trace.durationNano : layout.durationNano)}
        </Fact>
        <Fact name="Spans">{trace.spanCount}</Fact>
        <Fact name="Errors" bad={trace.errorCount > 0}>
          {trace.errorCount}
        </Fact>
        <Fact name="Trace id">
          <span className={`mono ${styles.id}`}>{trace.traceId}</span>
          <CopyButton value={trace.traceId} label="trace id" />
        </Fact>
      </dl>
      <ServiceLegend layout={layout} />
      <ButtonLink
        to="/logs"
        search={{ traceId: trace.traceId, ...logWindowOf(trace.startTimeUnixNano, trace.durationNano) }}
        variant="default"
        leftSection={<Icon name="logs" size={14} />}
        data-testid="trace-logs-link"
      >
        Logs of this trace
      </ButtonLink>
      <Notices trace={trace} layout={layout} />
    </div>
  );
}

function Fact({
  name,
  bad = false,
  children,
}: {
  name: string;
  bad?: boolean;
  children: ReactNode;
}): ReactElement {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd className="numeric" data-bad={bad}>
        {children}
      </dd>
    </div>
  );
}

function ServiceLegend({ layout }: { layout: WaterfallLayout }): ReactElement {
  const counts = useMemo(() => {
    const spansOf = new Map<string, number>();
    for (const { span } of layout.rows)
      spansOf.set(span.serviceName, (spansOf.get(span.serviceName) ?? 0) + 1);
    return [...spansOf].sort((a, b) => b[1] - a[1]);
  }, [layout]);
  return (
    <ul className={styles.legend} aria-label="Services">
      {counts.map(([name, count]) => (
        <li key={name}>
          <ServiceTag name={name} />
          <span className={styles.count}>{count}</span>
        </li>
      ))}
    </ul>
  );
}

function Notices({ trace, layout }: { trace: Trace; layout: WaterfallLayout }): ReactElement | null {
  const notices = noticesOf(trace, layout);
  if (notices.length === 0) return null;
  return (
    <ul className={styles.notices}>
      {notices.map((notice) => (
        <li key={notice}>
          <Icon name="info" size={13} /> {notice}
        </li>
      ))}
    </ul>
  );
}
