import { ActionIcon } from '@mantine/core';
import type { ReactElement } from 'react';
import styles from './filter-chip.module.css';
import { Icon } from './icon.tsx';

interface FilterChipProps {
  name: string;
  value: string;
  onRemove: () => void;
}

/** A filter that only a link sets, and that can be taken away. */
export function FilterChip({ name, value, onRemove }: FilterChipProps): ReactElement {
  return (
    <span className={styles.chip}>
      {name} <span className="mono">{value}</span>
      <ActionIcon size={18} aria-label={`Remove the filter ${name}`} onClick={onRemove}>
        <Icon name="close" size={12} />
      </ActionIcon>
    </span>
  );
}
