import type { ReactElement } from 'react';
import { serviceColor } from './series-colors.ts';
import styles from './service-tag.module.css';

/** A service's name beside its colour. */
export function ServiceTag({ name }: { name: string }): ReactElement {
  return (
    <span className={styles.tag}>
      <span className={styles.swatch} style={{ background: serviceColor(name) }} />
      <span className={styles.name}>{name}</span>
    </span>
  );
}
