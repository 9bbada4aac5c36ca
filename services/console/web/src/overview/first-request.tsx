import type { ReactElement } from 'react';
import { useTime } from '../time/time-context.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import styles from './first-request.module.css';
import { rangePhrase } from './range-phrase.ts';

const command = [
  'curl http://127.0.0.1:8080/v1/chat/completions \\',
  `  -H "authorization: Bearer $(node -p "require('./.ibex/credentials.json').api_key")" \\`,
  "  -H 'content-type: application/json' \\",
  `  -d '{"model":"echo","messages":[{"role":"user","content":"Hello, Ibex"}]}'`,
].join('\n');

/** Nothing has passed the proxy yet: the shortest way to change that. */
export function FirstRequest({ rangeMinutes }: { rangeMinutes: number }): ReactElement {
  const { setLive, live } = useTime();
  return (
    <section className={styles.panel} aria-labelledby="first-request">
      <h2 id="first-request" className={styles.title}>
        No requests in the {rangePhrase(rangeMinutes)}
      </h2>
      <p className={styles.text}>
        Send one from the directory of Ibex. The model <code>echo</code> needs no provider key; it answers
        with what you said, counts tokens, and streams too. <code>npm start</code> prints this line with your
        address and key filled in, and <code>.ibex/credentials.json</code> keeps both.
      </p>
      <div className={styles.command}>
        <pre>{command}</pre>
        <CopyButton value={command} label="command" />
      </div>
      {!live && (
        <p className={styles.text}>
          <button type="button" className={styles.live} onClick={() => setLive(true)}>
            Follow the present
          </button>{' '}
          and the request shows up here within seconds.
        </p>
      )}
    </section>
  );
}
