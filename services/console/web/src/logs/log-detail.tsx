import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import type { ReactElement } from 'react';
import { millisOfNano } from '../time/format-time.ts';
import { searchOfWindow } from '../time/time-range.ts';
import { AttributeList } from '../ui/attribute-list.tsx';
import { ButtonLink } from '../ui/button-link.tsx';
import { Icon } from '../ui/icon.tsx';
import { LongText } from '../ui/long-text.tsx';
import type { LogRecord } from './log-queries.ts';
import styles from './log-row.module.css';

/** All fields of a line, and where it leads. */
export function LogDetail({ line }: { line: LogRecord }): ReactElement {
  return (
    <div className={styles.detail}>
      <p className={styles.full}>
        <LongText text={line.message} />
      </p>
      <div className={styles.actions}>
        {line.traceId !== null && (
          <>
            <ButtonLink
              to="/traces/$traceId"
              params={{ traceId: line.traceId }}
              search={line.spanId === null ? {} : { span: line.spanId }}
              variant="default"
              leftSection={<Icon name="traces" size={14} />}
            >
              Open the trace
            </ButtonLink>
            <ButtonLink to="/logs" search={{ traceId: line.traceId, log: line.id }} variant="default">
              Lines of this trace
            </ButtonLink>
          </>
        )}
        {line.requestId !== null && (
          <ButtonLink to="/logs" search={{ requestId: line.requestId, log: line.id }} variant="default">
            Lines of this request
          </ButtonLink>
        )}
        <Around line={line} />
        <CopyJson line={line} />
      </div>
      <div className={styles.columns}>
        <section>
          <h3>Fields</h3>
          <AttributeList attributes={fieldsOf(line)} />
        </section>
        <section>
          <h3>Resource</h3>
          <AttributeList attributes={line.resource} />
        </section>
      </div>
    </div>
  );
}

/** Everything that was written around the line, whatever the filters: a link that stays true when time moves on. */
function Around({ line }: { line: LogRecord }): ReactElement {
  const instantMs = millisOfNano(line.timeUnixNano);
  return (
    <ButtonLink
      to="/logs"
      search={{ ...searchOfWindow({ startMs: instantMs - 30_000, endMs: instantMs + 5000 }), log: line.id }}
      variant="default"
    >
      Around this line
    </ButtonLink>
  );
}

function CopyJson({ line }: { line: LogRecord }): ReactElement {
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <Button
      variant="default"
      leftSection={<Icon name={clipboard.copied ? 'check' : 'copy'} size={14} />}
      onClick={() => clipboard.copy(JSON.stringify(line, null, 2))}
    >
      {clipboard.copied ? 'Copied' : 'Copy as JSON'}
    </Button>
  );
}

/** The ids beside the attributes, because a reader looks for them in one place. */
function fieldsOf(line: LogRecord): Record<string, unknown> {
  return {
    ...(line.requestId === null ? {} : { request_id: line.requestId }),
    ...(line.traceId === null ? {} : { trace_id: line.traceId }),
    ...(line.spanId === null ? {} : { span_id: line.spanId }),
    ...line.attributes,
  };
}
