import { Popover } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { Icon } from '../ui/icon.tsx';
import { AbsoluteRangeForm } from './absolute-range-form.tsx';
import { formatWindow } from './format-time.ts';
import styles from './range-picker.module.css';
import { useTime } from './time-context.ts';
import controls from './time-controls.module.css';
import { labelOfToken, rangeChoices } from './time-range.ts';
import { useTimeZone } from './time-zone.ts';

/** Chooses the range: one that ends now, or two instants. */
export function RangePicker({ allowAbsolute }: { allowAbsolute: boolean }): ReactElement {
  const [opened, setOpened] = useState(false);
  const { range, setRangeToken } = useTime();
  const label = useRangeLabel();
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={allowAbsolute ? 280 : 190}
      trapFocus
    >
      <Popover.Target>
        <button
          type="button"
          className={controls.button}
          aria-haspopup="dialog"
          aria-expanded={opened}
          aria-label={`Time range: ${label}`}
          data-testid="range-picker"
          onClick={() => setOpened(!opened)}
        >
          <Icon name="clock" size={14} />
          <span className="numeric">{label}</span>
          <Icon name="chevronDown" size={13} />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.dropdown}>
        <ul className={styles.choices}>
          {rangeChoices.map((choice) => (
            <li key={choice.token}>
              <button
                type="button"
                className={styles.choice}
                aria-current={range.kind === 'relative' && range.token === choice.token}
                onClick={() => {
                  setRangeToken(choice.token);
                  setOpened(false);
                }}
              >
                {choice.label}
                {range.kind === 'relative' && range.token === choice.token && <Icon name="check" size={14} />}
              </button>
            </li>
          ))}
        </ul>
        {allowAbsolute && <AbsoluteRangeForm onDone={() => setOpened(false)} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function useRangeLabel(): string {
  const { range } = useTime();
  const zone = useTimeZone();
  if (range.kind === 'absolute') return formatWindow(range, zone);
  return labelOfToken(range.token);
}
