import type { ReactElement } from 'react';
import { formatCount, formatDuration, formatShare } from '../ui/format.ts';
import type { OpsOverview } from './overview-query.ts';
import { TrafficCard } from './traffic-card.tsx';
import styles from './traffic-charts.module.css';

/** Traffic, failures, speed and tokens over the range, each with its total. */
export function TrafficCharts({ overview }: { overview: OpsOverview }): ReactElement {
  const { totals } = overview;
  const window = {
    startMs: overview.generatedAtUnixMs - overview.rangeMinutes * 60_000,
    endMs: overview.generatedAtUnixMs,
  };
  return (
    <div className={styles.grid}>
      <TrafficCard
        title="Throughput"
        headline={formatCount(totals.requests)}
        caption={totals.requests === 1 ? 'request' : 'requests'}
        series={overview.throughput}
        unit="perSecond"
        color="var(--series-0)"
        window={window}
        testId="throughput-chart"
        metric={{ metric: 'ibex_proxy_requests_total', fn: 'rate', by: 'route' }}
      />
      <TrafficCard
        title="Error rate"
        headline={totals.errorRate === null ? '–' : formatShare(totals.errorRate)}
        caption={`${formatCount(totals.errors)} failed`}
        tone={totals.errors > 0 ? 'bad' : 'neutral'}
        series={overview.errorRate}
        unit="share"
        color="var(--bad-fill)"
        window={window}
        testId="error-rate-chart"
        metric={{ metric: 'ibex_proxy_requests_total', fn: 'rate', by: 'status_code' }}
      />
      <TrafficCard
        title="Latency, p95"
        headline={totals.latencyP95Seconds === null ? '–' : formatDuration(totals.latencyP95Seconds * 1e9)}
        caption="95 of 100 requests were faster"
        series={overview.latencyP95Seconds}
        unit="seconds"
        color="var(--series-1)"
        window={window}
        testId="latency-chart"
        metric={{ metric: 'ibex_proxy_request_duration_seconds', fn: 'quantile', q: '0.95' }}
      />
      <TrafficCard
        title="Tokens"
        headline={formatCount(totals.inputTokens + totals.outputTokens)}
        caption={`${formatCount(totals.inputTokens)} in, ${formatCount(totals.outputTokens)} out`}
        series={overview.tokensPerMinute}
        unit="perMinute"
        color="var(--series-2)"
        window={window}
        testId="tokens-chart"
        metric={{ metric: 'provider_tokens_total', fn: 'rate', by: 'type' }}
      />
    </div>
  );
}
