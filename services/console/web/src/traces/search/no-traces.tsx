import { Button } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTime } from '../../time/time-context.ts';
import { ButtonLink } from '../../ui/button-link.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { hasTraceFilters, type TraceSearch } from './trace-search.ts';

/** Nothing matched: what to loosen, or how to make a first trace. */
export function NoTraces({ search }: { search: TraceSearch }): ReactElement {
  const { range, setRangeToken } = useTime();
  const filtered = hasTraceFilters(search);
  const narrow = range.kind === 'absolute' || range.token !== '24h';
  return (
    <StateMessage
      icon="traces"
      title={filtered ? 'No trace matches' : 'No traces in this range'}
      actions={
        <>
          {filtered && (
            <ButtonLink to="/traces" variant="default">
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
        ? 'Span names are compared exactly, and every attribute must match. Loosen a filter, look further back, or choose “All spans” to search inside traces.'
        : 'Send a request through the proxy and its trace appears within seconds. The overview shows a line to paste. At a low sampling ratio, traces without errors are kept only now and then.'}
    </StateMessage>
  );
}
