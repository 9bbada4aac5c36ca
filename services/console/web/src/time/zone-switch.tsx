import { Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';
import { Icon } from '../ui/icon.tsx';
import styles from './time-controls.module.css';
import { chooseTimeZone, useTimeZone } from './time-zone.ts';

/** Local time or UTC, for every instant of the console. */
export function ZoneSwitch(): ReactElement {
  const zone = useTimeZone();
  const other = zone === 'utc' ? 'local' : 'utc';
  return (
    <Tooltip
      label={zone === 'utc' ? 'Times are in UTC. Switch to local time' : 'Times are local. Switch to UTC'}
    >
      <button
        type="button"
        className={styles.button}
        onClick={() => chooseTimeZone(other)}
        aria-label={`Time zone: ${zone === 'utc' ? 'UTC' : 'local'}`}
      >
        <Icon name="globe" size={14} />
        {zone === 'utc' ? 'UTC' : 'Local'}
      </button>
    </Tooltip>
  );
}
