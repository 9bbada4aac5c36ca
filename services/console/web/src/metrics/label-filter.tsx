import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { useTime } from '../time/time-context.ts';
import { FilterChip } from '../ui/filter-chip.tsx';
import styles from './metric-explorer.module.css';
import { type Metric, metricRangeQuery } from './metric-queries.ts';
import type { MetricFunction } from './metric-search.ts';

interface LabelFilterProps {
  metric: Metric;
  labels: readonly string[];
  fn: MetricFunction;
  filters: readonly string[];
  onChange: (filters: string[] | undefined) => void;
}

/** Keeps only series with certain values of labels. The values on offer are those in the range. */
export function LabelFilter({ metric, labels, fn, filters, onChange }: LabelFilterProps): ReactElement {
  const [key, setKey] = useState<string | null>(null);
  const values = useLabelValues(metric, { key, fn });

  function remove(filter: string): void {
    const rest = filters.filter((one) => one !== filter);
    onChange(rest.length === 0 ? undefined : rest);
  }

  return (
    <div className={styles.filters}>
      <Select
        className={styles.by}
        label="Only where"
        placeholder="Choose a label"
        data={[...labels]}
        value={key}
        onChange={setKey}
        clearable
      />
      {key !== null && (
        <Select
          className={styles.by}
          aria-label={`Value of ${key}`}
          placeholder={values === undefined ? 'Reading values…' : 'is …'}
          data={values ?? []}
          value={null}
          searchable
          defaultDropdownOpened
          nothingFoundMessage="No such value in the range"
          onChange={(value) => {
            if (value !== null) onChange([...new Set([...filters, `${key}=${value}`])].slice(0, 10));
            setKey(null);
          }}
        />
      )}
      {filters.map((filter) => {
        const [name, ...value] = filter.split('=');
        return (
          <FilterChip
            key={filter}
            name={`${name} =`}
            value={value.join('=')}
            onRemove={() => remove(filter)}
          />
        );
      })}
    </div>
  );
}

/** The values a label has in the range; undefined while they are read. */
function useLabelValues(
  metric: Metric,
  of: { key: string | null; fn: MetricFunction },
): string[] | undefined {
  const { window } = useTime();
  const key = of.key ?? '';
  const answer = useQuery({
    ...metricRangeQuery({ name: metric.name, fn: of.fn, by: [key] }, window),
    enabled: of.key !== null,
  });
  if (answer.data === undefined || answer.isPlaceholderData) return undefined;
  const values = answer.data.series.map(({ labels }) => labels[key] ?? '').filter((value) => value !== '');
  return [...new Set(values)].toSorted();
}
