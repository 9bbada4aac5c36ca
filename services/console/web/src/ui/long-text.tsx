import { type ReactElement, useState } from 'react';
import styles from './attribute-list.module.css';

const shownCharacters = 280;

/** Text that may be huge: its beginning, and all of it on request. Always plain text. */
export function LongText({ text }: { text: string }): ReactElement {
  const [all, setAll] = useState(false);
  if (text.length <= shownCharacters) return <>{text}</>;
  return (
    <>
      {all ? text : `${text.slice(0, shownCharacters)}…`}{' '}
      <button type="button" className={styles.all} onClick={() => setAll(!all)}>
        {all ? 'Show less' : `Show all ${text.length.toLocaleString('en')} characters`}
      </button>
    </>
  );
}
