import type { ReactElement } from 'react';
import { AttributeList } from '../../ui/attribute-list.tsx';
import { attributeText } from '../../ui/attribute-text.ts';
import { formatDuration } from '../../ui/format.ts';
import { keyed } from '../../ui/keyed.ts';
import styles from './span-detail.module.css';
import type { Span } from './waterfall-layout.ts';

const shownEvents = 100;
const stackKey = 'exception.stacktrace';

/** What happened during a span, at which time after its start; stack traces as such. */
export function SpanEvents({ span }: { span: Span }): ReactElement {
  return (
    <ol>
      {keyed(span.events.slice(0, shownEvents), nameOf).map(({ key, item: event }) => {
        const { [stackKey]: stack, ...attributes } = event.attributes;
        return (
          <li key={key} className={styles.event}>
            <div className={styles.eventHead}>
              <strong>{event.name}</strong>
              <span className="numeric">
                {formatDuration(offsetNano(span, event.timeUnixNano))} after the start
              </span>
            </div>
            <AttributeList attributes={attributes} />
            {stack !== undefined && (
              <pre className={styles.stack}>{attributeText(stack).slice(0, 20_000)}</pre>
            )}
          </li>
        );
      })}
      {span.events.length > shownEvents && (
        <li className={styles.none}>and {span.events.length - shownEvents} more</li>
      )}
    </ol>
  );
}

function nameOf(event: Span['events'][number]): string {
  return `${event.timeUnixNano} ${event.name}`;
}

function offsetNano(span: Span, timeUnixNano: string): number {
  return Number(BigInt(timeUnixNano) - BigInt(span.startTimeUnixNano));
}
