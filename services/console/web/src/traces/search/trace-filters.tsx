import { Autocomplete, SegmentedControl, TagsInput } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { CommitInput } from '../../ui/commit-input.tsx';
import { parseDuration } from '../../ui/format.ts';
import { Labelled } from '../../ui/labelled.tsx';
import { ServiceSelect } from '../../ui/service-select.tsx';
import { usePatchSearch } from '../../ui/use-patch-search.ts';
import styles from './trace-filters.module.css';
import type { TraceSearch } from './trace-search.ts';

interface TraceFiltersProps {
  search: TraceSearch;
  /** Span names to offer, from the results at hand. */
  names: readonly string[];
}

/** The search form; each change is a new address. */
export function TraceFilters({ search, names }: TraceFiltersProps): ReactElement {
  const patch = usePatchSearch<TraceSearch>();
  return (
    <search className={styles.filters} aria-label="Search traces">
      <div className={styles.service}>
        <ServiceSelect value={search.service} onChange={(service) => patch({ service })} />
      </div>
      <div className={styles.name}>
        <SpanNameInput value={search.name} names={names} onCommit={(name) => patch({ name })} />
      </div>
      <StatusControl value={search.status} onChange={(status) => patch({ status })} />
      <CommitInput
        className={styles.duration}
        label="Longer than"
        placeholder="250ms"
        value={search.min}
        check={checkDuration}
        onCommit={(min) => patch({ min })}
      />
      <CommitInput
        className={styles.duration}
        label="Shorter than"
        placeholder="2s"
        value={search.max}
        check={checkDuration}
        onCommit={(max) => patch({ max })}
      />
      <AttributeInput value={search.attr} onCommit={(attr) => patch({ attr })} />
      <Labelled label="Show">
        <SegmentedControl
          aria-label="Show"
          value={search.spans ?? 'roots'}
          onChange={(next) => patch({ spans: next === 'all' ? 'all' : undefined })}
          data={[
            { value: 'roots', label: 'Root spans' },
            { value: 'all', label: 'All spans' },
          ]}
        />
      </Labelled>
    </search>
  );
}

function checkDuration(text: string): string | undefined {
  return parseDuration(text) === undefined ? 'Such as 250ms or 1.5s' : undefined;
}

function StatusControl({
  value,
  onChange,
}: {
  value: TraceSearch['status'];
  onChange: (status: TraceSearch['status']) => void;
}): ReactElement {
  return (
    <Labelled label="Status">
      <SegmentedControl
        aria-label="Status"
        value={value ?? 'any'}
        onChange={(next) =>
          onChange(next === 'error' || next === 'ok' || next === 'unset' ? next : undefined)
        }
        data={[
          { value: 'any', label: 'Any' },
          { value: 'error', label: 'Error' },
          { value: 'ok', label: 'OK' },
          { value: 'unset', label: 'Unset' },
        ]}
      />
    </Labelled>
  );
}

interface SpanNameInputProps {
  value: string | undefined;
  names: readonly string[];
  onCommit: (name: string | undefined) => void;
}

function SpanNameInput({ value, names, onCommit }: SpanNameInputProps): ReactElement {
  const [draft, setDraft] = useState(value ?? '');
  const [lastValue, setLastValue] = useState(value);
  if (value !== lastValue) {
    setLastValue(value);
    setDraft(value ?? '');
  }

  function commit(text: string): void {
    const name = text.trim() === '' ? undefined : text.trim();
    if (name !== value) onCommit(name);
  }

  return (
    <Autocomplete
      label="Span name"
      placeholder="provider.generate"
      data={[...names]}
      limit={20}
      maxLength={500}
      value={draft}
      clearable
      onChange={(text) => {
        setDraft(text);
        if (text === '') commit('');
      }}
      onOptionSubmit={commit}
      onBlur={() => commit(draft)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit(event.currentTarget.value);
      }}
    />
  );
}

interface AttributeInputProps {
  value: string[] | undefined;
  onCommit: (filters: string[] | undefined) => void;
}

function AttributeInput({ value, onCommit }: AttributeInputProps): ReactElement {
  const [wrong, setWrong] = useState<string>();
  return (
    <TagsInput
      className={styles.attributes}
      label="Attributes"
      placeholder={value === undefined ? 'http.route=/v1/chat/completions' : ''}
      value={value ?? []}
      maxTags={10}
      splitChars={[]}
      error={wrong}
      onChange={(filters) => {
        const malformed = filters.find((filter) => !/^[^=]+=.*$/s.test(filter));
        setWrong(malformed === undefined ? undefined : `"${malformed.slice(0, 40)}" is not key=value`);
        const valid = filters.filter((filter) => /^[^=]+=.*$/s.test(filter));
        onCommit(valid.length === 0 ? undefined : valid);
      }}
    />
  );
}
