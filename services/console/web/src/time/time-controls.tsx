import { ActionIcon, Tooltip } from '@mantine/core';
import { useIsFetching } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Icon } from '../ui/icon.tsx';
import { RangePicker } from './range-picker.tsx';
import { useTime } from './time-context.ts';
import styles from './time-controls.module.css';
import { ZoneSwitch } from './zone-switch.tsx';

/** The time a page shows: zone, range, following the present, reading afresh. */
export function TimeControls({ allowAbsolute }: { allowAbsolute: boolean }): ReactElement {
  return (
    <div className={styles.controls}>
      <ZoneSwitch />
      <RangePicker allowAbsolute={allowAbsolute} />
      <LiveSwitch />
      <RefreshButton />
    </div>
  );
}

function LiveSwitch(): ReactElement {
  const { live, setLive } = useTime();
  return (
    <Tooltip label={live ? 'Stop following the present' : 'Follow the present'}>
      <button
        type="button"
        className={styles.button}
        aria-pressed={live}
        data-testid="live-toggle"
        onClick={() => setLive(!live)}
      >
        <span className={styles.pulse} data-on={live} />
        Live
      </button>
    </Tooltip>
  );
}

function RefreshButton(): ReactElement {
  const { refresh, range } = useTime();
  const reading = useIsFetching({ predicate: (query) => query.queryKey[0] !== 'session' }) > 0;
  return (
    <Tooltip
      label={
        range.kind === 'absolute' ? 'The range is fixed; choose one that ends now to refresh' : 'Refresh'
      }
    >
      <ActionIcon
        variant="default"
        size={30}
        onClick={refresh}
        disabled={range.kind === 'absolute'}
        aria-label="Refresh"
        data-testid="refresh"
      >
        <span className={styles.refresh} data-on={reading}>
          <Icon name="refresh" size={14} />
        </span>
      </ActionIcon>
    </Tooltip>
  );
}
