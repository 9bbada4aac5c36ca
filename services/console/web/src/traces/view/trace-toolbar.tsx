import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { type ReactElement, useRef } from 'react';
import { Icon } from '../../ui/icon.tsx';
import styles from './trace-toolbar.module.css';
import type { Collapsing } from './use-collapsed.ts';

interface TraceToolbarProps {
  find: string | undefined;
  /** Rows that match the search; null while nothing is searched. */
  matches: readonly number[] | null;
  /** The selected row. */
  current: number | undefined;
  onFind: (find: string | undefined) => void;
  onGo: (row: number) => void;
  collapsing: Collapsing;
  zoomed: boolean;
  onWhole: () => void;
}

/** Searching inside the trace, and folding it. */
export function TraceToolbar(props: TraceToolbarProps): ReactElement {
  const { find, matches, current, onFind, onGo, collapsing, zoomed, onWhole } = props;
  const input = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => input.current?.focus()]]);

  function go(step: 1 | -1): void {
    const row = neighbour(matches ?? [], { current, step });
    if (row !== undefined) onGo(row);
  }

  return (
    <div className={styles.toolbar}>
      <TextInput
        ref={input}
        className={styles.find}
        aria-label="Search in this trace"
        placeholder="Search names, attributes, messages"
        leftSection={<Icon name="search" size={14} />}
        value={find ?? ''}
        maxLength={200}
        onChange={(event) => onFind(event.currentTarget.value || undefined)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
          if (event.key === 'Escape') onFind(undefined);
        }}
      />
      {matches !== null && (
        <div className={styles.matches} role="status">
          <span className="numeric">{matchText(matches, current)}</span>
          <ActionIcon
            aria-label="Previous match"
            disabled={matches.length === 0}
            onClick={() => go(-1)}
            size={24}
          >
            <Icon name="chevronUp" size={14} />
          </ActionIcon>
          <ActionIcon aria-label="Next match" disabled={matches.length === 0} onClick={() => go(1)} size={24}>
            <Icon name="chevronDown" size={14} />
          </ActionIcon>
        </div>
      )}
      <div className={styles.spring} />
      {zoomed && (
        <Button variant="subtle" onClick={onWhole}>
          Reset zoom
        </Button>
      )}
      <Tooltip label="Close every subtree below the top level">
        <Button variant="subtle" color="gray" onClick={collapsing.closeAll}>
          Collapse all
        </Button>
      </Tooltip>
      <Button variant="subtle" color="gray" onClick={collapsing.openAll}>
        Expand all
      </Button>
    </div>
  );
}

function matchText(matches: readonly number[], current: number | undefined): string {
  if (matches.length === 0) return 'No match';
  const position = current === undefined ? -1 : matches.indexOf(current);
  return position === -1 ? `${matches.length} found` : `${position + 1} of ${matches.length}`;
}

/** The next or previous match from the selected row on, around the end. */
function neighbour(
  matches: readonly number[],
  from: { current: number | undefined; step: 1 | -1 },
): number | undefined {
  const { current = -1, step } = from;
  if (step === 1) return matches.find((row) => row > current) ?? matches[0];
  return matches.findLast((row) => row < current) ?? matches.at(-1);
}
