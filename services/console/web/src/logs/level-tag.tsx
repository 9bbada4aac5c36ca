import type { ReactElement } from 'react';
import styles from './level-tag.module.css';
import type { LogLevel } from './log-search.ts';

/** The level of a line. */
export function LevelTag({ level }: { level: LogLevel }): ReactElement {
  return (
    <span className={styles.level} data-level={level}>
      {level}
    </span>
  );
}
