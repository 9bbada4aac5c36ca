import type { ReactElement } from 'react';
import type { Schemas } from '../api/client.ts';
import styles from './span-status-tag.module.css';

interface SpanStatusTagProps {
  status: Schemas['SpanStatus'];
  httpStatusCode: number | null;
}

const words: Record<Schemas['SpanStatus'], string> = { error: 'Error', ok: 'OK', unset: 'Unset' };

/** How a span ended: its status, and the HTTP status when it has one. An unset status means that nothing failed. */
export function SpanStatusTag({ status, httpStatusCode }: SpanStatusTagProps): ReactElement {
  const failed = status === 'error';
  const rejected = !failed && httpStatusCode !== null && httpStatusCode >= 400;
  const tone = toneOf({ failed, rejected, known: httpStatusCode !== null || status === 'ok' });
  return (
    <span className={styles.tag} data-tone={tone}>
      {httpStatusCode !== null && <span className="numeric">{httpStatusCode}</span>}
      {(httpStatusCode === null || failed) && <span>{words[status]}</span>}
    </span>
  );
}

function toneOf({ failed, rejected, known }: { failed: boolean; rejected: boolean; known: boolean }): string {
  if (failed) return 'bad';
  if (rejected) return 'warn';
  return known ? 'good' : 'neutral';
}
