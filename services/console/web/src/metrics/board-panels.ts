import type { MetricFunction, MetricSearch } from './metric-search.ts';

/** One chart of the board. */
export interface BoardPanel {
  title: string;
  metric: string;
  fn: MetricFunction;
  by?: readonly string[];
  label?: readonly string[];
  /** Quantiles, one line each. */
  quantiles?: readonly number[];
  /** `requests` leaves probes and scrapes out; `share` turns rates by `status_code` into the share of failures. */
  shape?: 'requests' | 'share';
}

const chat = ['route=/v1/chat/completions'];
const spread = [0.5, 0.95, 0.99];

/** What one request moves on its way: the proxy, the provider, its tokens, the token check, the database. */
export const boardPanels: readonly BoardPanel[] = [
  {
    title: 'Requests by route',
    metric: 'ibex_proxy_requests_total',
    fn: 'rate',
    by: ['route'],
    shape: 'requests',
  },
  {
    title: 'Share of failed requests',
    metric: 'ibex_proxy_requests_total',
    fn: 'rate',
    by: ['route', 'status_code'],
    shape: 'share',
  },
  {
    title: 'Duration of chat completions',
    metric: 'ibex_proxy_request_duration_seconds',
    fn: 'quantile',
    label: chat,
    quantiles: spread,
  },
  {
    title: 'Duration of provider calls',
    metric: 'provider_request_duration_seconds',
    fn: 'quantile',
    quantiles: spread,
  },
  { title: 'Tokens by type', metric: 'provider_tokens_total', fn: 'rate', by: ['type'] },
  { title: 'Provider calls by status', metric: 'provider_requests_total', fn: 'rate', by: ['status'] },
  {
    title: 'Duration of token checks',
    metric: 'ibex_auth_validate_token_duration_seconds',
    fn: 'quantile',
    quantiles: spread,
  },
  {
    title: 'Token checks by result',
    metric: 'ibex_auth_validate_token_duration_seconds',
    fn: 'rate',
    by: ['result'],
  },
  {
    title: 'Duration of database queries',
    metric: 'ibex_db_query_duration_seconds',
    fn: 'quantile',
    quantiles: spread,
  },
  {
    title: 'Database queries by operation',
    metric: 'ibex_db_query_duration_seconds',
    fn: 'rate',
    by: ['operation'],
  },
];

/** The explorer's address for a panel. */
export function panelSearch(panel: BoardPanel): MetricSearch {
  return {
    metric: panel.metric,
    fn: panel.fn,
    by: panel.by?.at(-1),
    label: panel.label === undefined ? undefined : [...panel.label],
  };
}
