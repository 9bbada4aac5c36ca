import { Skeleton } from '@mantine/core';
import type { ReactElement } from 'react';
import page from './overview-page.module.css';
import charts from './traffic-charts.module.css';

const places = ['a', 'b', 'c', 'd'];

/** The shape of the overview while it is read for the first time. */
export function OverviewSkeleton(): ReactElement {
  return (
    <div role="status" aria-label="Reading the overview" style={{ display: 'grid', gap: 20 }}>
      <Skeleton height={44} radius={8} />
      <div className={charts.grid}>
        {places.map((place) => (
          <Skeleton key={place} height={196} radius={8} />
        ))}
      </div>
      <div className={page.columns}>
        <div className={page.cards}>
          {places.map((place) => (
            <Skeleton key={place} height={128} radius={8} />
          ))}
        </div>
        <Skeleton height={268} radius={8} />
      </div>
    </div>
  );
}
