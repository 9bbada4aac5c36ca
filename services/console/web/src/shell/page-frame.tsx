import { useDocumentTitle } from '@mantine/hooks';
import type { ReactElement, ReactNode } from 'react';
import { TimeControls } from '../time/time-controls.tsx';
import { ZoneSwitch } from '../time/zone-switch.tsx';
import styles from './page-frame.module.css';

interface PageFrameProps {
  /** The name of the tab and, unless `heading` replaces it, of the page. */
  title: string;
  heading?: ReactNode;
  /** Which time controls the page has: all, only ranges that end now, or only the zone. */
  time?: 'all' | 'relative' | 'zone';
  /** Pages that scroll themselves, such as virtual lists, turn this off. */
  scroll?: boolean;
  children: ReactNode;
}

/** Header and body of a page. */
export function PageFrame({
  title,
  heading,
  time = 'all',
  scroll = true,
  children,
}: PageFrameProps): ReactElement {
  useDocumentTitle(`${title} · Ibex`);
  return (
    <>
      <header className={styles.header}>
        <div className={styles.heading}>{heading ?? <h1 className={styles.title}>{title}</h1>}</div>
        {time === 'zone' ? <ZoneSwitch /> : <TimeControls allowAbsolute={time === 'all'} />}
      </header>
      <main className={styles.body} data-scroll={scroll}>
        {children}
      </main>
    </>
  );
}
