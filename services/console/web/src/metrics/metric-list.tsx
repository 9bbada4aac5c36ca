import { TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactElement, useMemo } from 'react';
import { Breakable } from '../ui/breakable.tsx';
import { Icon } from '../ui/icon.tsx';
import { usePatchSearch } from '../ui/use-patch-search.ts';
import { findMetrics } from './find-metrics.ts';
import styles from './metric-list.module.css';
import type { Metric } from './metric-queries.ts';
import type { MetricSearch } from './metric-search.ts';

const listLimit = 500;

/** The metrics by name, searched by name, type and help. */
export function MetricList({
  metrics,
  search,
}: {
  metrics: readonly Metric[];
  search: MetricSearch;
}): ReactElement {
  const patch = usePatchSearch<MetricSearch>();
  const found = useMemo(() => findMetrics(metrics, search.find ?? ''), [metrics, search.find]);
  return (
    <nav className={styles.panel} aria-label="Metrics">
      <div className={styles.search}>
        <TextInput
          aria-label="Search metrics"
          placeholder={`Search ${metrics.length} metrics`}
          leftSection={<Icon name="search" size={14} />}
          value={search.find ?? ''}
          maxLength={200}
          onChange={(event) => patch({ find: event.currentTarget.value || undefined }, { replace: true })}
        />
      </div>
      <ul className={styles.list}>
        <li>
          <Link
            to="/explore/metrics"
            search={{ find: search.find }}
            className={styles.item}
            data-current={search.metric === undefined}
            data-testid="metric-board-link"
          >
            <span className={styles.board}>What a request moves</span>
          </Link>
        </li>
        {found.slice(0, listLimit).map((metric) => (
          <li key={metric.name}>
            <Link
              to="/explore/metrics"
              search={{ metric: metric.name, find: search.find }}
              className={styles.item}
              data-current={search.metric === metric.name}
              data-testid="metric-item"
              data-metric={metric.name}
              title={metric.help}
            >
              <span className={styles.name}>
                <Breakable name={metric.name} />
              </span>
              <span className={styles.type}>{metric.type}</span>
            </Link>
          </li>
        ))}
        {found.length === 0 && <li className={styles.none}>No metric matches “{search.find}”</li>}
        {found.length > listLimit && (
          <li className={styles.none}>and {found.length - listLimit} more; search to narrow</li>
        )}
      </ul>
    </nav>
  );
}
