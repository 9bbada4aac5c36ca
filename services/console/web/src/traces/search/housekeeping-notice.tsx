import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import styles from './housekeeping-notice.module.css';
import type { TraceSearch } from './trace-search.ts';

interface HousekeepingNoticeProps {
  search: TraceSearch;
  hiddenCount: number;
}

/** Says that housekeeping is hidden or shown, and offers the opposite. */
export function HousekeepingNotice({ search, hiddenCount }: HousekeepingNoticeProps): ReactElement | null {
  if (search.housekeeping === 'show')
    return (
      <p className={styles.notice}>
        Housekeeping is shown: the console’s own requests, and calls between services.
        <Link to="/traces" search={{ ...search, housekeeping: undefined }} className="text-link">
          Hide it
        </Link>
      </p>
    );
  if (hiddenCount === 0) return null;
  return (
    <p className={styles.notice}>
      {hiddenCount} {hiddenCount === 1 ? 'trace' : 'traces'} of housekeeping{' '}
      {hiddenCount === 1 ? 'is' : 'are'} hidden: the console’s own requests, and calls between services.
      <Link to="/traces" search={{ ...search, housekeeping: 'show' }} className="text-link">
        Show
      </Link>
    </p>
  );
}
