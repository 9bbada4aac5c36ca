import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactElement, useRef, useState } from 'react';
import { LoadMore } from '../ui/load-more.tsx';
import { usePatchSearch } from '../ui/use-patch-search.ts';
import list from '../ui/virtual-list.module.css';
import styles from './log-list.module.css';
import type { LogRecord } from './log-queries.ts';
import { LogRow } from './log-row.tsx';
import type { LogSearch } from './log-search.ts';
import { useHeldLines } from './use-held-lines.ts';

interface LogListProps {
  lines: readonly LogRecord[];
  /** Id of the line that is open. */
  open: string | undefined;
  live: boolean;
  hasMore: boolean;
  loadingMore: boolean;
  onMore: () => void;
}

const linePixels = 27;
const readingPixels = 30;

/** The lines, newest first; only those in view exist. While live, lines stand still as long as one reads further down. */
export function LogList({ lines, open, live, hasMore, loadingMore, onMore }: LogListProps): ReactElement {
  const viewport = useRef<HTMLDivElement>(null);
  const patch = usePatchSearch<LogSearch>();
  const [reading, setReading] = useState(false);
  const { shown, waiting } = useHeldLines(lines, live && (reading || open !== undefined));
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => linePixels,
    getItemKey: (index) => shown[index]?.id ?? index,
    overscan: 20,
  });

  function showNewest(): void {
    patch({ log: undefined }, { replace: true });
    viewport.current?.scrollTo({ top: 0 });
    setReading(false);
  }

  return (
    <div className={styles.frame}>
      {waiting > 0 && (
        <button type="button" className={styles.waiting} onClick={showNewest}>
          {waiting} new {waiting === 1 ? 'line' : 'lines'}
        </button>
      )}
      <div
        ref={viewport}
        className={list.viewport}
        onScroll={(event) => setReading(event.currentTarget.scrollTop > readingPixels)}
        data-testid="log-list"
      >
        <div className={list.spacer} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const line = shown[item.index];
            if (line === undefined) return null;
            return (
              <div
                key={item.key}
                ref={virtualizer.measureElement}
                data-index={item.index}
                className={list.item}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <LogRow
                  line={line}
                  open={open === line.id}
                  onToggle={() => patch({ log: open === line.id ? undefined : line.id }, { replace: true })}
                />
              </div>
            );
          })}
        </div>
        {live ? (
          <p className={styles.end}>
            {hasMore
              ? `The newest ${shown.length} lines. Stop following the present to load older ones.`
              : 'The end of the range'}
          </p>
        ) : (
          <LoadMore
            shown={shown.length}
            noun="lines"
            hasMore={hasMore}
            loading={loadingMore}
            onMore={onMore}
          />
        )}
      </div>
    </div>
  );
}
