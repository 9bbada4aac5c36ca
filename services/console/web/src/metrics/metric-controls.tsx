import { SegmentedControl, Select } from '@mantine/core';
import type { ReactElement } from 'react';
import { Labelled } from '../ui/labelled.tsx';
import { usePatchSearch } from '../ui/use-patch-search.ts';
import { LabelFilter } from './label-filter.tsx';
import styles from './metric-explorer.module.css';
import type { Metric } from './metric-queries.ts';
import { type MetricFunction, type MetricSearch, quantileChoices } from './metric-search.ts';
import { functionsOf } from './metric-units.ts';

interface MetricControlsProps {
  metric: Metric;
  search: MetricSearch;
  fn: MetricFunction;
}

const functionLabels: Record<MetricFunction, string> = {
  value: 'Value',
  rate: 'Rate per second',
  quantile: 'Quantile',
};

/** What to draw of a metric: function, quantile, one line per value of a label, and which labels to keep. */
export function MetricControls({ metric, search, fn }: MetricControlsProps): ReactElement {
  const patch = usePatchSearch<MetricSearch>();
  const functions = functionsOf(metric.type);
  const labels = [...new Set([...metric.labels.filter((label) => label !== 'le'), 'service'])].toSorted();
  return (
    <div className={styles.controls}>
      <Labelled label="Function">
        <SegmentedControl
          aria-label="Function"
          value={fn}
          onChange={(next) => patch({ fn: functions.find((one) => one === next) })}
          data={functions.map((one) => ({ value: one, label: functionLabels[one] }))}
        />
      </Labelled>
      {fn === 'quantile' && (
        <Labelled label="Quantile">
          <SegmentedControl
            aria-label="Quantile"
            value={search.q ?? '0.95'}
            onChange={(next) => patch({ q: quantileChoices.find((one) => one === next) })}
            data={quantileChoices.map((one) => ({ value: one, label: `p${Number(one) * 100}` }))}
          />
        </Labelled>
      )}
      <Select
        className={styles.by}
        label="One line per"
        placeholder="All in one line"
        data={labels}
        value={search.by ?? null}
        onChange={(by) => patch({ by: by ?? undefined })}
        clearable
      />
      <LabelFilter
        metric={metric}
        labels={labels}
        fn={fn}
        filters={search.label ?? []}
        onChange={(label) => patch({ label })}
      />
    </div>
  );
}
