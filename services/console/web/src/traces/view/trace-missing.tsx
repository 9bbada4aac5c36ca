import { Button } from '@mantine/core';
import type { ReactElement } from 'react';
import { ButtonLink } from '../../ui/button-link.tsx';
import { StateMessage } from '../../ui/state-message.tsx';

/** The store has no span of this trace. */
export function TraceMissing({ traceId, retry }: { traceId: string; retry: () => void }): ReactElement {
  return (
    <StateMessage
      icon="traces"
      title="This trace is not in the store"
      actions={
        <>
          <Button variant="default" onClick={retry}>
            Look again
          </Button>
          <ButtonLink to="/traces" variant="default">
            Search traces
          </ButtonLink>
        </>
      }
    >
      <p>
        No span of <span className="mono">{traceId}</span> is here. Spans of a request that has just ended
        take a second or two to arrive; this page keeps looking. A trace may also have been left out by
        sampling, or be older than traces are kept.
      </p>
    </StateMessage>
  );
}
