import type { components } from '@ibex/api/console';
import { routes } from '@ibex/contract';
import type { CallOptions, MetricRangeQuery, TelemetryBackend } from '../backend/telemetry-backend.ts';
import { Problem } from '../problem.ts';
import {
  amount,
  greatest,
  type MetricRange,
  mapValues,
  share,
  sum,
  toTimeSeries,
  type Values,
} from './time-series.ts';

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

/** The gateway's API: what users call, without health checks and scrapes. */
export const apiRoutes: readonly string[] = routes.proxy.filter((route) => route.startsWith('/v1/'));

/** The last so many minutes, in about 120 steps of whole multiples of 5 s. */
export function rangeOf(minutes: number, nowUnixMs: number): Range {
  const step = Math.max(shortestStepSeconds, Math.ceil((minutes * 60) / stepsShown / 5) * 5);
  const startUnixMs = nowUnixMs - minutes * 60_000;
  return { startUnixMs, endUnixMs: nowUnixMs, stepSeconds: step };
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
  const [requests, latency, latencyInAll, tokens] = await Promise.all([
    readRequests(backend, options),
    readLatency(backend, { ...options, stepSeconds: options.range.stepSeconds }),
    readLatency(backend, { ...options, stepSeconds: wholeSeconds(options.range) }),
    readTokens(backend, options),
  ]);
  const { stepSeconds } = options.range;
  const count = amount(requests.all, stepSeconds);
  const errors = amount(requests.failed, stepSeconds);
  return {
    throughput: toTimeSeries(requests.all, stepSeconds),
    errorRate: toTimeSeries(share(requests.failed, requests.all), stepSeconds),
    latencyP95Seconds: toTimeSeries(latency, stepSeconds),
    tokensPerMinute: toTimeSeries(
      mapValues(tokens.all, (rate) => rate * 60),
      stepSeconds,
    ),
    totals: {
      requests: Math.round(count),
      errors: Math.round(errors),
      errorRate: count === 0 ? null : errors / count,
      latencyP95Seconds: [...latencyInAll.values()].findLast((value) => value !== null) ?? null,
      inputTokens: Math.round(amount(tokens.input, stepSeconds)),
      outputTokens: Math.round(amount(tokens.output, stepSeconds)),
    },
  };
}

/** One query per route: by route and status at once, the series could pass the API's limit of 100. */
async function readRequests(backend: TelemetryBackend, options: CallOptions & { range: Range }) {
  const answers = await Promise.all(
    apiRoutes.map((route) =>
      metricRange(backend, {
        ...options,
        name: 'ibex_proxy_requests_total',
        query: { function: 'rate', label: [`route=${route}`], by: ['status_code'] },
      }),
    ),
  );
  const series = answers.flat();
  const failed = series.filter(({ labels }) => Number(labels.status_code) >= 500);
  return { all: sum(series), failed: sum(failed) };
}

/** Quantiles of several routes cannot be merged: the slowest route's is an upper bound of all, and exact for one. */
async function readLatency(
  backend: TelemetryBackend,
  options: CallOptions & { range: Range; stepSeconds: number },
): Promise<Values> {
  const series = await metricRange(backend, {
    ...options,
    range: { ...options.range, stepSeconds: options.stepSeconds },
    name: 'ibex_proxy_request_duration_seconds',
    query: { function: 'quantile', quantile, by: ['route'] },
  });
  return greatest(series.filter(({ labels }) => apiRoutes.includes(labels.route ?? '')));
}

async function readTokens(backend: TelemetryBackend, options: CallOptions & { range: Range }) {
  const query = { function: 'rate', by: ['type'] } as const;
  const series = await metricRange(backend, {
    ...options,
    name: 'provider_tokens_total',
    query: { ...query, by: [...query.by] },
  });
  const ofType = (type: string) => sum(series.filter(({ labels }) => labels.type === type));
  return { all: sum(series), input: ofType('input'), output: ofType('output') };
}

/** The series of one metric; none while the metric has not been seen yet. */
async function metricRange(
  backend: TelemetryBackend,
  options: CallOptions & { range: Range; name: string; query: MetricRangeQuery },
): Promise<MetricRange['series']> {
  const { range, name, query, ...call } = options;
  const { startUnixMs: start, endUnixMs: end, stepSeconds } = range;
  try {
    const answer = await backend.metricRange({ name, query: { ...query, start, end, stepSeconds } }, call);
    return answer.series;
  } catch (error) {
    if (error instanceof Problem && error.statusCode === 404) return [];
    throw error;
  }
}

function wholeSeconds(range: Range): number {
  return Math.ceil((range.endUnixMs - range.startUnixMs) / 1000);
}
