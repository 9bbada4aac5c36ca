import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactElement, useRef } from 'react';
import { LoadMore } from '../../ui/load-more.tsx';
import list from '../../ui/virtual-list.module.css';
import type { SpanSummary } from './span-search-query.ts';
import { TraceRow } from './trace-row.tsx';
import styles from './trace-table.module.css';

interface TraceTableProps {
  spans: readonly SpanSummary[];
  hasMore: boolean;
  loadingMore: boolean;
  onMore: () => void;
}

const rowPixels = 36;

/** The results, newest first; only the rows in view exist. */
export function TraceTable({ spans, hasMore, loadingMore, onMore }: TraceTableProps): ReactElement {
  const viewport = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: spans.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => rowPixels,
    overscan: 10,
  });
  const longestNano = spans.reduce((longest, span) => Math.max(longest, span.durationNano), 1);
  return (
    <div className={list.viewport} ref={viewport}>
      <table className={styles.table} aria-rowcount={spans.length}>
        <thead className={styles.head}>
          <tr className={styles.row}>
            <th scope="col">Time</th>
            <th scope="col">Service</th>
            <th scope="col">Name</th>
            <th scope="col">Duration</th>
            <th scope="col">Status</th>
            <th scope="col" className={styles.right}>
              Spans
            </th>
            <th scope="col" className={styles.right}>
              Errors
            </th>
            <th scope="col" className={styles.services}>
              Services
            </th>
          </tr>
        </thead>
        <tbody className={list.spacer} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const span = spans[item.index];
            if (span === undefined) return null;
            return (
              <TraceRow
                key={`${span.traceId} ${span.spanId}`}
                span={span}
                longestNano={longestNano}
                topPixels={item.start}
              />
            );
          })}
        </tbody>
      </table>
      <LoadMore shown={spans.length} noun="spans" hasMore={hasMore} loading={loadingMore} onMore={onMore} />
    </div>
  );
}
