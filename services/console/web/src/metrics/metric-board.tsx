import type { ReactElement } from 'react';
import { BoardChart } from './board-chart.tsx';
import { boardPanels } from './board-panels.ts';
import styles from './metric-board.module.css';
import type { Metric } from './metric-queries.ts';

/** The metrics that a request moves, as charts at first sight. */
export function MetricBoard({ metrics }: { metrics: readonly Metric[] }): ReactElement {
  const known = new Map(metrics.map((metric) => [metric.name, metric]));
  return (
    <div className={styles.board}>
      <header>
        <h2 className={styles.title}>What a request moves</h2>
        <p className={styles.text}>
          From the proxy through the token check and the provider to the database. Drag across a chart to look
          at a shorter time; every chart opens in the explorer.
        </p>
      </header>
      <div className={styles.grid}>
        {boardPanels.map((panel) => (
          <BoardChart key={panel.title} panel={panel} metric={known.get(panel.metric)} />
        ))}
      </div>
    </div>
  );
}
