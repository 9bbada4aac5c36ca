import type { ReactElement, ReactNode } from 'react';
import { formatTime, millisOfNano } from '../../time/format-time.ts';
import { useTimeZone } from '../../time/time-zone.ts';
import { ButtonLink } from '../../ui/button-link.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatDuration } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { LongText } from '../../ui/long-text.tsx';
import { ServiceTag } from '../../ui/service-tag.tsx';
import { SpanStatusTag } from '../span-status-tag.tsx';
import { logWindowOf } from './log-window.ts';
import styles from './span-detail.module.css';
import { httpStatusOf } from './span-status.ts';
import { selfTime, type WaterfallLayout } from './waterfall-layout.ts';

interface SpanFactsProps {
  layout: WaterfallLayout;
  row: number;
  onSelect: (row: number) => void;
}

/** What every span has: when, how long, how it ended, where it belongs. */
export function SpanFacts({ layout, row, onSelect }: SpanFactsProps): ReactElement | null {
  const zone = useTimeZone();
  const placed = layout.rows[row];
  if (placed === undefined) return null;
  const { span } = placed;
  return (
    <>
      {span.status === 'error' && (
        <p className={styles.failure}>
          <LongText text={span.statusMessage || 'The span failed and gives no reason.'} />
        </p>
      )}
      <dl className={styles.facts}>
        <Fact name="Service">
          <ServiceTag name={span.serviceName} />
        </Fact>
        <Fact name="Duration">{formatDuration(span.durationNano)}</Fact>
        <Fact name="Self time">{formatDuration(selfTime(layout, row))}</Fact>
        <Fact name="Status">
          <SpanStatusTag status={span.status} httpStatusCode={httpStatusOf(span)} />
        </Fact>
        <Fact name="Kind">{span.kind}</Fact>
        <Fact name="After the start">{formatDuration(placed.startNano)}</Fact>
        <Fact name="Start" wide>
          <span className="numeric">{formatTime(millisOfNano(span.startTimeUnixNano), 'full', zone)}</span>
        </Fact>
        {placed.skewNano !== 0 && (
          <Fact name="Clock" wide>
            Moved by {formatDuration(placed.skewNano)}, because the clocks of the hosts disagree
          </Fact>
        )}
        <Fact name="Span id" wide>
          <span className="mono">{span.spanId}</span>
          <CopyButton value={span.spanId} label="span id" />
        </Fact>
        <Fact name="Parent" wide>
          <Parent layout={layout} row={row} onSelect={onSelect} />
        </Fact>
      </dl>
      <div className={styles.actions}>
        <ButtonLink
          to="/logs"
          search={{
            traceId: span.traceId,
            spanId: span.spanId,
            ...logWindowOf(span.startTimeUnixNano, span.durationNano),
          }}
          variant="default"
          leftSection={<Icon name="logs" size={14} />}
          data-testid="span-logs-link"
        >
          Logs of this span
        </ButtonLink>
        <ButtonLink
          to="/traces"
          search={{ service: span.serviceName, name: span.name, spans: 'all' }}
          variant="default"
          leftSection={<Icon name="search" size={14} />}
        >
          Spans like this
        </ButtonLink>
      </div>
    </>
  );
}

function Fact({
  name,
  wide = false,
  children,
}: {
  name: string;
  wide?: boolean;
  children: ReactNode;
}): ReactElement {
  return (
    <div className={`${styles.fact} ${wide ? styles.wide : ''}`}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Parent({ layout, row, onSelect }: SpanFactsProps): ReactElement {
  const placed = layout.rows[row];
  const parent = placed === undefined ? undefined : layout.rows[placed.parent];
  if (placed === undefined || placed.span.parentSpanId === null) return <>None; this is a root span</>;
  if (parent === undefined)
    return <span className="mono">{placed.span.parentSpanId} (not in the trace)</span>;
  return (
    <button type="button" className={styles.parent} onClick={() => onSelect(placed.parent)}>
      {parent.span.name}
    </button>
  );
}
