import { Select } from '@mantine/core';
import type { ReactElement } from 'react';
import { CommitInput } from '../ui/commit-input.tsx';
import { FilterChip } from '../ui/filter-chip.tsx';
import { Icon } from '../ui/icon.tsx';
import { ServiceSelect } from '../ui/service-select.tsx';
import { usePatchSearch } from '../ui/use-patch-search.ts';
import styles from './log-filters.module.css';
import { type LogSearch, logLevels } from './log-search.ts';

const levelChoices = logLevels.map((level) => ({
  value: level,
  label: level === 'FATAL' ? 'FATAL only' : `${level} and above`,
}));

/** The search form; each change is a new address. */
export function LogFilters({ search }: { search: LogSearch }): ReactElement {
  const patch = usePatchSearch<LogSearch>();
  return (
    <search className={styles.filters} aria-label="Search logs">
      <CommitInput
        className={styles.text}
        label="Text"
        placeholder="Words or a phrase in the message or an attribute"
        leftSection={<Icon name="search" size={14} />}
        value={search.text}
        onCommit={(text) => patch({ text, log: undefined })}
      />
      <Select
        className={styles.level}
        label="Level"
        placeholder="All levels"
        data={levelChoices}
        value={search.level ?? null}
        onChange={(level) => patch({ level: logLevels.find((one) => one === level) })}
        clearable
      />
      <div className={styles.service}>
        <ServiceSelect value={search.service} onChange={(service) => patch({ service })} />
      </div>
      <CommitInput
        className={styles.id}
        label="Request id"
        placeholder="X-Request-ID of the answer"
        value={search.requestId}
        check={(text) => (text.length > 64 ? 'A request id has 64 characters at most' : undefined)}
        onCommit={(requestId) => patch({ requestId, log: undefined })}
      />
      <CommitInput
        className={styles.id}
        label="Trace id"
        placeholder="32 hexadecimal digits"
        value={search.traceId}
        check={(text) => (/^[0-9a-f]{32}$/.test(text) ? undefined : '32 digits 0–9, a–f')}
        onCommit={(traceId) => patch({ traceId, spanId: undefined, log: undefined })}
      />
      {search.spanId !== undefined && (
        <FilterChip name="Span" value={search.spanId} onRemove={() => patch({ spanId: undefined })} />
      )}
    </search>
  );
}
