import { ActionIcon, Tooltip } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { AttributeList } from '../../ui/attribute-list.tsx';
import { IconLink } from '../../ui/button-link.tsx';
import { Icon } from '../../ui/icon.tsx';
import styles from './span-detail.module.css';
import { SpanEvents } from './span-events.tsx';
import { SpanFacts } from './span-facts.tsx';
import { SpanLinks } from './span-links.tsx';
import { SpanLogs } from './span-logs.tsx';
import type { WaterfallLayout } from './waterfall-layout.ts';

interface SpanDetailProps {
  layout: WaterfallLayout;
  /** Position in `layout.rows`. */
  row: number;
  onClose: () => void;
  onSelect: (row: number) => void;
}

/** Everything one span says, beside the waterfall so that both stay in view. */
export function SpanDetail({ layout, row, onClose, onSelect }: SpanDetailProps): ReactElement | null {
  const placed = layout.rows[row];
  if (placed === undefined) return null;
  const { span } = placed;
  return (
    <aside
      className={styles.panel}
      aria-label={`Span ${span.name}`}
      data-testid="span-detail"
      data-span-id={span.spanId}
    >
      <header className={styles.header}>
        <h2 className={styles.title}>{span.name}</h2>
        <ActionIcon aria-label="Close the span" onClick={onClose}>
          <Icon name="close" size={15} />
        </ActionIcon>
      </header>
      <div className={styles.body}>
        <SpanFacts layout={layout} row={row} onSelect={onSelect} />
        <Section title="Attributes" count={Object.keys(span.attributes).length}>
          <AttributeList attributes={span.attributes} actions={findAction} />
        </Section>
        {span.events.length > 0 && (
          <Section title="Events" count={span.events.length}>
            <SpanEvents span={span} />
          </Section>
        )}
        <SpanLogs key={span.spanId} span={span} />
        {span.links.length > 0 && (
          <Section title="Links" count={span.links.length}>
            <SpanLinks links={span.links} />
          </Section>
        )}
        <Section title="Resource" count={Object.keys(span.resource).length} closed>
          <AttributeList attributes={span.resource} actions={findAction} />
        </Section>
      </div>
    </aside>
  );
}

interface SectionProps {
  title: string;
  count: number;
  closed?: boolean;
  children: ReactNode;
}

function Section({ title, count, closed = false, children }: SectionProps): ReactElement {
  return (
    <details className={styles.section} open={!closed}>
      <summary className={styles.sectionTitle}>
        <Icon name="chevronRight" size={12} />
        {title} <span className={styles.count}>{count}</span>
      </summary>
      {count === 0 ? <p className={styles.none}>None</p> : children}
    </details>
  );
}

function findAction(key: string, text: string): ReactNode {
  if (text.length > 200) return null;
  return (
    <Tooltip label="Find spans with this value">
      <IconLink
        to="/traces"
        search={{ attr: [`${key}=${text}`], spans: 'all' }}
        size={20}
        aria-label={`Find spans where ${key} has this value`}
      >
        <Icon name="search" size={13} />
      </IconLink>
    </Tooltip>
  );
}
