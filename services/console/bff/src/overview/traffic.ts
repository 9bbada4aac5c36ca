import type { components } from '@ibex/api/console';
import { routes } from '@ibex/contract';
import type { CallOptions, TelemetryBackend } from '../backend/telemetry-backend.ts';
import { Problem } from '../problem.ts';
import { type MetricSeries, mapValues, share, sum, toTimeSeries, total } from './time-series.ts';

type Overview = components['schemas']['OpsOverview'];

/** The part of the overview that is made of the proxy's metrics. */
export type Traffic = Pick<
  Overview,
  'throughput' | 'errorRate' | 'latencyP95Seconds' | 'tokensPerMinute' | 'totals'
>;

export interface Range {
  readonly startUnixMs: number;
  readonly endUnixMs: number;
  readonly stepSeconds: number;
}

const quantile = 0.95;
const stepsShown = 120;
const shortestStepSeconds = 15;

/** Which series of a metric to read, and what to keep apart. */
interface Selection {
  readonly name: string;
  readonly label: readonly string[];
  readonly by: readonly string[];
}

/** The gateway's API: what users call, without health checks and scrapes. */
const apiRoutes = routes.proxy.filter((route) => route.startsWith('/v1/')).map((route) => `route=${route}`);

const requestsByStatus: Selection = {
  name: 'ibex_proxy_requests_total',
  label: apiRoutes,
  by: ['status_code'],
};
const latencyOfAll: Selection = { name: 'ibex_proxy_request_duration_seconds', label: apiRoutes, by: [] };
const tokensByType: Selection = { name: 'provider_tokens_total', label: [], by: ['type'] };

/** The last so many minutes, in about 120 steps of whole multiples of 5 s that begin on multiples of their width. */
export function rangeOf(minutes: number, nowUnixMs: number): Range {
  const stepSeconds = Math.max(shortestStepSeconds, Math.ceil((minutes * 60) / stepsShown / 5) * 5);
  const stepMs = stepSeconds * 1000;
  const startUnixMs = Math.floor((nowUnixMs - minutes * 60_000) / stepMs) * stepMs;
  return { startUnixMs, endUnixMs: nowUnixMs, stepSeconds };
}

/** An overview without traffic: what is shown when nothing was asked or nothing could be learnt. */
export function noTraffic(stepSeconds: number): Traffic {
  const empty = { stepSeconds, points: [] };
  return {
    throughput: empty,
    errorRate: empty,
    latencyP95Seconds: empty,
    tokensPerMinute: empty,
    totals: {
      requests: 0,
      errors: 0,
      errorRate: null,
      latencyP95Seconds: null,
      inputTokens: 0,
      outputTokens: 0,
    },
  };
}

/** Requests, errors, latency and tokens of the API routes over a range. @throws {Problem} as the back end does. */
export async function readTraffic(
  backend: TelemetryBackend,
  options: CallOptions & { range: Range },
): Promise<Traffic> {
  const { stepSeconds } = options.range;
  const [charts, totals] = await Promise.all([readCharts(backend, options), readTotals(backend, options)]);
  const { requests, failed, latency, tokens } = charts;
  const perMinute = mapValues(tokens, (perSecond) => perSecond * 60);
  return {
    throughput: toTimeSeries(requests, stepSeconds),
    errorRate: toTimeSeries(share(failed, requests), stepSeconds),
    latencyP95Seconds: toTimeSeries(latency, stepSeconds),
    tokensPerMinute: toTimeSeries(perMinute, stepSeconds),
    totals,
  };
}

async function readCharts(backend: TelemetryBackend, options: CallOptions & { range: Range }) {
  const [requests, latency, tokens] = await Promise.all([
    readSeries(backend, { ...options, ...requestsByStatus, as: 'rate' }),
    readSeries(backend, { ...options, ...latencyOfAll, as: 'quantile' }),
    readSeries(backend, { ...options, ...tokensByType, as: 'rate' }),
  ]);
  return {
    requests: sum(requests),
    failed: sum(requests.filter(isFailure)),
    latency: sum(latency),
    tokens: sum(tokens),
  };
}

/** The whole range as one step. Counts are increases: a rate over a range cannot tell how long it was known. */
async function readTotals(
  backend: TelemetryBackend,
  options: CallOptions & { range: Range },
): Promise<Traffic['totals']> {
  const { startUnixMs, endUnixMs } = options.range;
  const range = { ...options.range, stepSeconds: Math.ceil((endUnixMs - startUnixMs) / 1000) };
  const [requests, latency, tokens] = await Promise.all([
    readSeries(backend, { ...options, range, ...requestsByStatus, as: 'increase' }),
    readSeries(backend, { ...options, range, ...latencyOfAll, as: 'quantile' }),
    readSeries(backend, { ...options, range, ...tokensByType, as: 'increase' }),
  ]);
  const count = total(requests);
  const errors = total(requests.filter(isFailure));
  return {
    requests: Math.round(count),
    errors: Math.round(errors),
    errorRate: count === 0 ? null : errors / count,
    latencyP95Seconds: [...sum(latency).values()].at(-1) ?? null,
    inputTokens: Math.round(total(tokens.filter(({ labels }) => labels.type === 'input'))),
    outputTokens: Math.round(total(tokens.filter(({ labels }) => labels.type === 'output'))),
  };
}

function isFailure({ labels }: MetricSeries): boolean {
  return Number(labels.status_code) >= 500;
}

/** The series of one metric; none while the metric has not been seen yet. */
async function readSeries(
  backend: TelemetryBackend,
  options: CallOptions & Selection & { range: Range; as: 'rate' | 'increase' | 'quantile' },
): Promise<MetricSeries[]> {
  const { range, name, label, by, as, ...call } = options;
  const { startUnixMs: start, endUnixMs: end, stepSeconds } = range;
  const quantiles = as === 'quantile' ? { quantile } : {};
  const query = { function: as, ...quantiles, label: [...label], by: [...by], start, end, stepSeconds };
  try {
    const answer = await backend.metricRange({ name, query }, call);
    return answer.series;
  } catch (error) {
    if (error instanceof Problem && error.statusCode === 404) return [];
    throw error;
  }
}
