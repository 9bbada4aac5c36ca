import { useCallback, useMemo, useState } from 'react';
import { ancestorsOf, visibleRows, type WaterfallLayout } from './waterfall-layout.ts';

/** Which subtrees are closed, and the rows that remain in view. */
export interface Collapsing {
  collapsed: ReadonlySet<string>;
  /** Positions in `layout.rows`. */
  visible: readonly number[];
  set: (row: number, closed: boolean) => void;
  /** Opens whatever hides a row. */
  reveal: (row: number) => void;
  /** Counts openings and closings of everything, after which the reader has lost their place. */
  upheavals: number;
  openAll: () => void;
  /** Closes every subtree below the top level. */
  closeAll: () => void;
}

/** Keeps the closed subtrees of a trace; a span that the address selects is never hidden at first. */
export function useCollapsed(layout: WaterfallLayout, selected: number | undefined): Collapsing {
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set<string>());
  const [upheavals, setUpheavals] = useState(0);
  const visible = useMemo(() => visibleRows(layout, collapsed), [layout, collapsed]);

  const set = useCallback(
    (row: number, closed: boolean) => {
      const spanId = layout.rows[row]?.span.spanId;
      if (spanId === undefined) return;
      setCollapsed((previous) => {
        const next = new Set(previous);
        if (closed) next.add(spanId);
        else next.delete(spanId);
        return next;
      });
    },
    [layout],
  );
  const reveal = useCallback(
    (row: number) => {
      const above = ancestorsOf(layout, row);
      setCollapsed((previous) => {
        if (!above.some((span) => previous.has(span.spanId))) return previous;
        const next = new Set(previous);
        for (const span of above) next.delete(span.spanId);
        return next;
      });
    },
    [layout],
  );
  const openAll = useCallback(() => {
    setCollapsed(new Set<string>());
    setUpheavals((count) => count + 1);
  }, []);
  const closeAll = useCallback(() => {
    const closed = layout.rows
      .filter((row) => row.depth > 0 && row.childCount > 0)
      .map((row) => row.span.spanId);
    setCollapsed(new Set(closed));
    setUpheavals((count) => count + 1);
    if (selected !== undefined) reveal(selected);
  }, [layout, reveal, selected]);
  return useMemo(
    () => ({ collapsed, visible, upheavals, set, reveal, openAll, closeAll }),
    [collapsed, visible, upheavals, set, reveal, openAll, closeAll],
  );
}
