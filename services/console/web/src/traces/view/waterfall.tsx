import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactElement, useEffect, useMemo, useRef } from 'react';
import list from '../../ui/virtual-list.module.css';
import type { Collapsing } from './use-collapsed.ts';
import styles from './waterfall.module.css';
import { waterfallKeyAction } from './waterfall-keys.ts';
import type { WaterfallLayout } from './waterfall-layout.ts';
import { WaterfallRowView } from './waterfall-row.tsx';
import { rulerTicks, type Zoom } from './zoom.ts';

interface WaterfallProps {
  layout: WaterfallLayout;
  zoom: Zoom;
  collapsing: Collapsing;
  /** Rows that match the search; null while nothing is searched. */
  matches: readonly number[] | null;
  selected: number | undefined;
  /** The row the keyboard is at. */
  active: number;
  onActive: (row: number) => void;
  onSelect: (row: number | undefined, options?: { replace: boolean }) => void;
}

const rowPixels = 28;

/** The tree of spans; only the rows in view exist, each of the same height. */
export function Waterfall(props: WaterfallProps): ReactElement {
  const { layout, zoom, collapsing, matches, selected, active, onActive, onSelect } = props;
  const viewport = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: collapsing.visible.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => rowPixels,
    overscan: 16,
  });
  const matching = useMemo(() => (matches === null ? null : new Set(matches)), [matches]);
  const ticks = useMemo(() => gridLines(layout, zoom), [layout, zoom]);

  // A row that is selected elsewhere (a link, the search) comes into view; one in view stays where it is.
  const { visible, upheavals } = collapsing;
  const target = selected ?? active;
  const { scrollToIndex } = virtualizer;
  const scrolledTo = useRef('');
  useEffect(() => {
    const place = `${target} ${upheavals}`;
    if (scrolledTo.current === place) return;
    const position = visible.indexOf(target);
    if (position < 0) return;
    scrolledTo.current = place;
    scrollToIndex(position, { align: 'auto' });
  }, [visible, upheavals, target, scrollToIndex]);

  return (
    <div
      ref={viewport}
      className={`${list.viewport} ${styles.waterfall}`}
      role="tree"
      aria-label="Spans of the trace"
      aria-activedescendant={`span-row-${active}`}
      tabIndex={0}
      onClick={(event) => {
        const row = rowOfTarget(event.target);
        if (row !== undefined) onSelect(row === selected ? undefined : row);
      }}
      onKeyDown={(event) => {
        const action = waterfallKeyAction(event.key, { layout, collapsing, active });
        if (action === undefined) return;
        event.preventDefault();
        if (action.kind === 'fold') return collapsing.set(active, action.closed);
        if (action.kind === 'select') return onSelect(active);
        if (action.kind === 'close') return onSelect(undefined);
        onActive(action.row);
        if (selected !== undefined) onSelect(action.row, { replace: true });
      }}
    >
      <div className={list.spacer} style={{ height: virtualizer.getTotalSize() }} role="presentation">
        <div className={styles.grid} aria-hidden="true">
          {ticks.map((tick) => (
            <span key={tick} className={styles.gridline} style={{ left: `${tick}%` }} />
          ))}
        </div>
        {virtualizer.getVirtualItems().map((item) => {
          const index = visible[item.index];
          const row = index === undefined ? undefined : layout.rows[index];
          if (index === undefined || row === undefined) return null;
          return (
            <WaterfallRowView
              key={index}
              row={row}
              index={index}
              topPixels={item.start}
              traceNano={layout.durationNano}
              zoom={zoom}
              closed={collapsing.collapsed.has(row.span.spanId)}
              selected={selected === index}
              active={active === index}
              dimmed={matching !== null && !matching.has(index)}
              onFold={(closed) => collapsing.set(index, closed)}
            />
          );
        })}
      </div>
    </div>
  );
}

/** The row that was pressed. */
function rowOfTarget(target: EventTarget): number | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-row]')?.dataset.row : undefined;
  return row === undefined ? undefined : Number(row);
}

/** Where the ruler's marks continue below it, in per cent. */
function gridLines(layout: WaterfallLayout, zoom: Zoom): number[] {
  const start = zoom.from * layout.durationNano;
  const length = (zoom.to - zoom.from) * layout.durationNano;
  return rulerTicks({ durationNano: layout.durationNano, zoom }, 6).map(
    (tick) => ((tick - start) / length) * 100,
  );
}
