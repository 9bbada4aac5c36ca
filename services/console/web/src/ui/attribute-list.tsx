import { type ReactElement, type ReactNode, useState } from 'react';
import styles from './attribute-list.module.css';
import { attributeKind, attributeText, sortedAttributes } from './attribute-text.ts';
import { Breakable } from './breakable.tsx';
import { CopyButton } from './copy-button.tsx';
import { LongText } from './long-text.tsx';

interface AttributeListProps {
  attributes: Readonly<Record<string, unknown>>;
  /** What else can be done with a value, beside copying it. */
  actions?: (key: string, text: string) => ReactNode;
}

const shownAttributes = 100;

/** Keys and values, each value with a button to copy it. */
export function AttributeList({ attributes, actions }: AttributeListProps): ReactElement {
  const [all, setAll] = useState(false);
  const entries = sortedAttributes(attributes);
  const shown = all ? entries : entries.slice(0, shownAttributes);
  return (
    <>
      <dl className={styles.list}>
        {shown.map(([key, value]) => {
          const text = attributeText(value);
          return (
            <div key={key} className={styles.entry}>
              <dt className={styles.key}>
                <Breakable name={key} />
              </dt>
              <dd className={styles.value} data-kind={attributeKind(value)}>
                <LongText text={text} />
              </dd>
              <span className={styles.actions}>
                {actions?.(key, text)}
                <CopyButton value={text} label={key} />
              </span>
            </div>
          );
        })}
      </dl>
      {entries.length > shown.length && (
        <button type="button" className={styles.all} onClick={() => setAll(true)}>
          Show all {entries.length} attributes
        </button>
      )}
    </>
  );
}
