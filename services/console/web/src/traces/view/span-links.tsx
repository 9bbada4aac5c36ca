import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { AttributeList } from '../../ui/attribute-list.tsx';
import styles from './span-detail.module.css';
import type { Span } from './waterfall-layout.ts';

const shownLinks = 100;

/** Spans of other traces that belong to this one. */
export function SpanLinks({ links }: { links: Span['links'] }): ReactElement {
  return (
    <ul>
      {links.slice(0, shownLinks).map((link) => (
        <li key={`${link.traceId} ${link.spanId}`} className={styles.event}>
          <div className={styles.eventHead}>
            <Link
              className="mono text-link"
              to="/traces/$traceId"
              params={{ traceId: link.traceId }}
              search={{ span: link.spanId }}
            >
              {link.traceId} · {link.spanId}
            </Link>
          </div>
          <AttributeList attributes={link.attributes} />
        </li>
      ))}
      {links.length > shownLinks && <li className={styles.none}>and {links.length - shownLinks} more</li>}
    </ul>
  );
}
