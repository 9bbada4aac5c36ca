import { Button } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTime } from '../time/time-context.ts';
import { ButtonLink } from '../ui/button-link.tsx';
import { StateMessage } from '../ui/state-message.tsx';
import { hasLogFilters, type LogSearch } from './log-search.ts';

/** Nothing matched: what to loosen. */
export function NoLogs({ search }: { search: LogSearch }): ReactElement {
  const { range, live, setRangeToken } = useTime();
  const filtered = hasLogFilters(search);
  const narrow = range.kind === 'absolute' || range.token !== '24h';
  return (
    <StateMessage
      icon="logs"
      title={filtered ? 'No line matches' : 'No log lines in this range'}
      actions={
        <>
          {search.spanId !== undefined && (
            <ButtonLink to="/logs" search={{ ...search, spanId: undefined }} variant="default">
              All lines of this trace
            </ButtonLink>
          )}
          {filtered && (
            <ButtonLink to="/logs" variant="default">
              Clear the filters
            </ButtonLink>
          )}
          {narrow && (
            <Button variant="default" onClick={() => setRangeToken('24h')}>
              Look at the last 24 hours
            </Button>
          )}
        </>
      }
    >
      {filtered
        ? 'Every filter must match. Loosen one, lower the level, or look further back.'
        : 'Services write a line for each request; send one and it appears within seconds.'}
      {live && ' New lines appear by themselves.'}
    </StateMessage>
  );
}
