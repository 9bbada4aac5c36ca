import { Button } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { StateMessage } from '../ui/state-message.tsx';

/** A mistake in the console itself; reloading is the honest remedy. */
export function CrashedPage({ error }: ErrorComponentProps): ReactElement {
  return (
    <StateMessage
      icon="alert"
      tone="bad"
      title="This view failed to draw"
      actions={
        <>
          <Button onClick={() => window.location.reload()}>Reload</Button>
          <Button component="a" href="/admin/ops" variant="default">
            Go to the overview
          </Button>
        </>
      }
    >
      {error instanceof Error ? error.message : String(error)}
    </StateMessage>
  );
}
