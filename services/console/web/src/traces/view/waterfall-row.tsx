import { memo, type ReactElement } from 'react';
import { formatDuration } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { serviceColor } from '../../ui/series-colors.ts';
import styles from './waterfall.module.css';
import type { WaterfallRow } from './waterfall-layout.ts';
import { barPlace, type Zoom } from './zoom.ts';

interface WaterfallRowProps {
  row: WaterfallRow;
  index: number;
  topPixels: number;
  /** Duration of the trace, in nanoseconds. */
  traceNano: number;
  zoom: Zoom;
  closed: boolean;
  selected: boolean;
  active: boolean;
  dimmed: boolean;
  onFold: (closed: boolean) => void;
}

const indentPixels = 14;
const depthShown = 14;

/** One span: its name at its depth, and its bar at its time. */
export const WaterfallRowView = memo(function WaterfallRowView(props: WaterfallRowProps): ReactElement {
  const { row, index, topPixels, closed, selected, active, dimmed } = props;
  const { span } = row;
  return (
    <div
      id={`span-row-${index}`}
      role="treeitem"
      tabIndex={-1}
      aria-level={row.depth + 1}
      aria-selected={selected}
      aria-label={labelOf(row)}
      {...(row.childCount > 0 ? { 'aria-expanded': !closed } : {})}
      className={styles.row}
      style={{ transform: `translateY(${topPixels}px)` }}
      data-testid="waterfall-row"
      data-span-name={span.name}
      data-service={span.serviceName}
      data-span-id={span.spanId}
      data-selected={selected}
      data-active={active}
      data-dimmed={dimmed}
      data-row={index}
    >
      <NameCell {...props} />
      <BarCell {...props} />
    </div>
  );
}, sameRow);

function sameRow(before: WaterfallRowProps, after: WaterfallRowProps): boolean {
  const keys = [
    'row',
    'index',
    'topPixels',
    'traceNano',
    'zoom',
    'closed',
    'selected',
    'active',
    'dimmed',
  ] as const;
  return keys.every((key) => before[key] === after[key]);
}

function labelOf(row: WaterfallRow): string {
  const { span } = row;
  return `${span.serviceName} ${span.name}, ${formatDuration(row.durationNano)}${span.status === 'error' ? ', failed' : ''}`;
}

function NameCell({ row, closed, onFold }: WaterfallRowProps): ReactElement {
  const { span, depth } = row;
  const indent = Math.min(depth, depthShown) * indentPixels;
  const deeper = depth > depthShown ? depth : 0;
  return (
    <div className={styles.name} style={{ paddingLeft: 12 + indent, '--guides': `${indent}px` }}>
      {row.childCount > 0 ? (
        <button
          type="button"
          tabIndex={-1}
          className={styles.fold}
          aria-label={closed ? 'Expand' : 'Collapse'}
          onClick={(event) => {
            event.stopPropagation();
            onFold(!closed);
          }}
        >
          <Icon name={closed ? 'chevronRight' : 'chevronDown'} size={12} />
        </button>
      ) : (
        <span className={styles.leaf} />
      )}
      {deeper > 0 && (
        <span className={styles.depth} title={`Depth ${deeper}`}>
          {deeper}
        </span>
      )}
      <span
        className={styles.service}
        style={{ background: serviceColor(span.serviceName) }}
        title={span.serviceName}
      />
      <span className={styles.text} title={`${span.serviceName}: ${span.name}`}>
        {span.name}
      </span>
      {closed && <span className={styles.hidden}>+{row.subtreeSize - 1}</span>}
      {span.status === 'error' && (
        <span className={styles.error} title={span.statusMessage || 'Failed'}>
          <Icon name="alert" size={13} />
        </span>
      )}
      {span.status !== 'error' && closed && row.errorsBelow > 0 && (
        <span className={styles.error} data-below="true" title={`${row.errorsBelow} failed below`}>
          <Icon name="alert" size={13} />
        </span>
      )}
      {row.mark !== 'none' && (
        <span
          className={styles.mark}
          title={
            row.mark === 'cycle'
              ? 'Its parents form a cycle'
              : `Its parent ${span.parentSpanId} is not in the trace`
          }
        >
          orphan
        </span>
      )}
    </div>
  );
}

function BarCell({ row, traceNano, zoom }: WaterfallRowProps): ReactElement {
  const { span } = row;
  const place = barPlace(row, { durationNano: traceNano, zoom });
  const color = span.status === 'error' ? 'var(--bad-fill)' : serviceColor(span.serviceName);
  return (
    <div className={styles.track}>
      {place !== undefined && (
        <>
          <span
            className={styles.bar}
            style={{ left: `${place.left}%`, width: `${place.width}%`, background: color }}
          />
          <DurationLabel place={place} text={formatDuration(row.durationNano)} />
        </>
      )}
    </div>
  );
}

/** Beside the bar, on the side with room; inside a bar that leaves none. */
function DurationLabel({
  place,
  text,
}: {
  place: { left: number; width: number };
  text: string;
}): ReactElement {
  const right = place.left + place.width;
  if (right <= 86)
    return (
      <span className={styles.label} style={{ left: `calc(${right}% + 7px)` }}>
        {text}
      </span>
    );
  if (place.left >= 14)
    return (
      <span className={styles.label} style={{ right: `calc(${100 - place.left}% + 6px)` }}>
        {text}
      </span>
    );
  return (
    <span className={styles.label} data-inside="true" style={{ right: `calc(${100 - right}% + 6px)` }}>
      {text}
    </span>
  );
}
