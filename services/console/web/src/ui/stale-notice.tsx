import type { ReactElement } from 'react';
import { Icon } from './icon.tsx';
import styles from './stale-notice.module.css';

/** Says that what is shown was read earlier, because reading it now fails. */
export function StaleNotice({ failure }: { failure: Error | null }): ReactElement | null {
  if (failure === null) return null;
  return (
    <p className={styles.notice} role="status">
      <Icon name="alert" size={14} />
      <span>
        <strong>What you see was read earlier.</strong> {failure.message}
      </span>
    </p>
  );
}
