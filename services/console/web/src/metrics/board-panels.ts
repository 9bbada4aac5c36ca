import type { MetricFunction, MetricSearch } from './metric-search.ts';

/** One chart of the board. */
export interface BoardPanel {
  title: string;
  metric: string;
  fn: MetricFunction;
  by?: string;
  /** Quantiles, one line each. */
  quantiles?: readonly number[];
  /** Turns rates by `status_code` into the share of failures. */
  share?: true;
}

/** What one request moves on its way: the proxy, the provider, its tokens, the token check, the database. */
export const boardPanels: readonly BoardPanel[] = [
  { title: 'Requests by route', metric: 'ibex_proxy_requests_total', fn: 'rate', by: 'route' },
  {
    title: 'Share of failed requests',
    metric: 'ibex_proxy_requests_total',
    fn: 'rate',
    by: 'status_code',
    share: true,
  },
  {
    title: 'Request duration',
    metric: 'ibex_proxy_request_duration_seconds',
    fn: 'quantile',
    quantiles: [0.5, 0.95, 0.99],
  },
  {
    title: 'Provider duration',
    metric: 'provider_request_duration_seconds',
    fn: 'quantile',
    quantiles: [0.5, 0.95, 0.99],
  },
  { title: 'Tokens by type', metric: 'provider_tokens_total', fn: 'rate', by: 'type' },
  { title: 'Provider calls by status', metric: 'provider_requests_total', fn: 'rate', by: 'status' },
  {
    title: 'Token validation',
    metric: 'ibex_auth_validate_token_duration_seconds',
    fn: 'quantile',
    quantiles: [0.5, 0.95, 0.99],
  },
  {
    title: 'Token validations by result',
    metric: 'ibex_auth_validate_token_duration_seconds',
    fn: 'rate',
    by: 'result',
  },
  {
    title: 'Database queries by operation',
    metric: 'ibex_db_query_duration_seconds',
    fn: 'rate',
    by: 'operation',
  },
  {
    title: 'Database query duration',
    metric: 'ibex_db_query_duration_seconds',
    fn: 'quantile',
    quantiles: [0.5, 0.95, 0.99],
  },
];

/** The explorer's address for a panel. */
export function panelSearch(panel: BoardPanel): MetricSearch {
  return { metric: panel.metric, fn: panel.fn, by: panel.by };
}
