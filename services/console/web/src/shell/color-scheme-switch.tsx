import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import type { ReactElement } from 'react';
import { Icon, type IconName } from '../ui/icon.tsx';

const schemes: { value: MantineColorScheme; label: string; icon: IconName }[] = [
  { value: 'light', label: 'Light', icon: 'sun' },
  { value: 'dark', label: 'Dark', icon: 'moon' },
  { value: 'auto', label: 'System', icon: 'screen' },
];

/** Light, dark, or what the system says. */
export function ColorSchemeSwitch(): ReactElement {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      aria-label="Colour scheme"
      value={colorScheme}
      onChange={(value) => {
        const chosen = schemes.find((scheme) => scheme.value === value);
        if (chosen !== undefined) setColorScheme(chosen.value);
      }}
      data={schemes.map(({ value, label, icon }) => ({
        value,
        label: (
          <span style={{ display: 'inline-flex', alignItems: 'center', gap: 5 }}>
            <Icon name={icon} size={13} />
            {label}
          </span>
        ),
      }))}
    />
  );
}
