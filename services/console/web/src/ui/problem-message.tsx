import { Button } from '@mantine/core';
import type { ReactElement } from 'react';
import { ApiProblem } from '../api/problem.ts';
import { CopyButton } from './copy-button.tsx';
import styles from './problem-message.module.css';
import { StateMessage } from './state-message.tsx';

interface ProblemMessageProps {
  error: Error;
  /** What could not be done, such as `Traces could not be read`. */
  title: string;
  retry: () => void;
}

/** A read that failed: what happened in the back end's own words, the request id to quote, and another try. */
export function ProblemMessage({ error, title, retry }: ProblemMessageProps): ReactElement {
  const requestId = error instanceof ApiProblem ? error.requestId : null;
  return (
    <StateMessage
      icon="alert"
      tone="bad"
      title={title}
      actions={
        <Button variant="default" onClick={retry}>
          Try again
        </Button>
      }
    >
      <p>{error.message}</p>
      {requestId !== null && (
        <p className={styles.request}>
          Request <span className="mono">{requestId}</span>{' '}
          <CopyButton value={requestId} label="request id" />
        </p>
      )}
    </StateMessage>
  );
}
