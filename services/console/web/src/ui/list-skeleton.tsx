import { Skeleton } from '@mantine/core';
import type { ReactElement } from 'react';

const widths = ['62%', '48%', '71%', '55%', '66%', '43%', '58%', '69%', '51%', '64%'];

/** Rows to come. */
export function ListSkeleton({ label }: { label: string }): ReactElement {
  return (
    <div role="status" aria-label={label} style={{ display: 'grid', gap: 18, padding: '20px' }}>
      {widths.map((width) => (
        <Skeleton key={width} height={14} width={width} radius={4} />
      ))}
    </div>
  );
}
