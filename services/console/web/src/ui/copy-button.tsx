import { ActionIcon, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import type { ReactElement } from 'react';
import { Icon } from './icon.tsx';

/** Copies a value; `label` names it for those who cannot see where the button stands. */
export function CopyButton({ value, label }: { value: string; label: string }): ReactElement {
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <Tooltip label={clipboard.copied ? 'Copied' : `Copy ${label}`}>
      <ActionIcon
        size={20}
        color={clipboard.copied ? 'ibex' : 'gray'}
        aria-label={`Copy ${label}`}
        onClick={(event) => {
          event.stopPropagation();
          clipboard.copy(value);
        }}
      >
        <Icon name={clipboard.copied ? 'check' : 'copy'} size={13} />
      </ActionIcon>
    </Tooltip>
  );
}
