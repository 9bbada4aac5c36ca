import { Button } from '@mantine/core';
import type { ReactElement } from 'react';
import styles from './virtual-list.module.css';

interface LoadMoreProps {
  shown: number;
  /** What the list holds, in the plural. */
  noun: string;
  hasMore: boolean;
  loading: boolean;
  onMore: () => void;
}

/** The end of a list: more of it, or the certainty that this was all. */
export function LoadMore({ shown, noun, hasMore, loading, onMore }: LoadMoreProps): ReactElement {
  return (
    <div className={styles.more}>
      {hasMore ? (
        <Button variant="default" onClick={onMore} loading={loading}>
          Load more {noun}
        </Button>
      ) : (
        <span style={{ color: 'var(--text-3)', fontSize: 12 }}>
          End of the list, {shown} {noun}
        </span>
      )}
    </div>
  );
}
