import { getRouteApi } from '@tanstack/react-router';
import { type ReactElement, useDeferredValue, useMemo, useState } from 'react';
import { usePatchSearch } from '../../ui/use-patch-search.ts';
import { findInTrace } from './find-in-trace.ts';
import { Minimap } from './minimap.tsx';
import { SpanDetail } from './span-detail.tsx';
import { TimeRuler } from './time-ruler.tsx';
import { TraceToolbar } from './trace-toolbar.tsx';
import styles from './trace-view.module.css';
import type { TraceViewSearch } from './trace-view-search.ts';
import { useCollapsed } from './use-collapsed.ts';
import { useNameWidth } from './use-name-width.ts';
import { Waterfall } from './waterfall.tsx';
import type { WaterfallLayout } from './waterfall-layout.ts';
import { parseZoom, zoomText } from './zoom.ts';

const route = getRouteApi('/_app/traces/$traceId');

/** The waterfall with its ruler, overview and search, beside the details of the selected span. */
export function TraceView({ layout }: { layout: WaterfallLayout }): ReactElement {
  const search = route.useSearch();
  const patch = usePatchSearch<TraceViewSearch>();
  const zoom = useMemo(() => parseZoom(search.zoom), [search.zoom]);
  const selected = search.span === undefined ? undefined : layout.rowOfSpan.get(search.span);
  const collapsing = useCollapsed(layout, selected);
  const matches = useMatches(layout, search.find);
  const nameWidth = useNameWidth();
  const [active, setActive] = useState(selected ?? 0);

  function select(row: number | undefined, options?: { replace: boolean }): void {
    if (row !== undefined) setActive(row);
    patch({ span: row === undefined ? undefined : layout.rows[row]?.span.spanId }, options);
  }

  return (
    <div className={styles.view} style={{ '--name-width': `${nameWidth.pixels}px` }}>
      <div className={styles.main}>
        <TraceToolbar
          find={search.find}
          matches={matches}
          current={selected}
          onFind={(find) => patch({ find }, { replace: true })}
          onGo={(row) => {
            collapsing.reveal(row);
            select(row, { replace: true });
          }}
          collapsing={collapsing}
          zoomed={search.zoom !== undefined}
          onWhole={() => patch({ zoom: undefined })}
        />
        <Minimap layout={layout} zoom={zoom} onZoom={(next) => patch({ zoom: zoomText(next) })} />
        <TimeRuler layout={layout} zoom={zoom} nameWidth={nameWidth} />
        <Waterfall
          layout={layout}
          zoom={zoom}
          collapsing={collapsing}
          matches={matches}
          selected={selected}
          active={active}
          onActive={setActive}
          onSelect={select}
        />
      </div>
      {selected !== undefined && (
        <SpanDetail layout={layout} row={selected} onClose={() => select(undefined)} onSelect={select} />
      )}
    </div>
  );
}

function useMatches(layout: WaterfallLayout, find: string | undefined): readonly number[] | null {
  const text = useDeferredValue(find ?? '');
  return useMemo(
    () =>
      text.trim() === ''
        ? null
        : findInTrace(
            layout.rows.map((row) => row.span),
            text,
          ),
    [layout, text],
  );
}
