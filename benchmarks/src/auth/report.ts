import type { CachedResult } from './cached.ts';
import type { LoadResult } from './load.ts';

/** Seconds at the start that are left out of the steady figures: connections open and code is compiled in them. */
const steadyAfterSeconds = 5;

interface Percentiles {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maximumMs: number;
}

/** What the benchmark found, against what it has to find. */
export interface AuthReport {
  readonly machine: string;
  readonly askedPerSecond: number;
  readonly validations: number;
  readonly answeredPerSecond: number;
  readonly failures: Readonly<Record<string, number>>;
  /** As the caller sees it, from the first question on. */
  readonly whole: Percentiles;
  /** Without the first seconds. */
  readonly steady: Percentiles;
  /** Share of validations within 20 and 50 ms by the service's own histogram, which the objectives are judged by. */
  readonly within: { readonly twentyMs: number; readonly fiftyMs: number };
  /** Processor time of auth for a validation. */
  readonly cpuMicroseconds: number;
  readonly cachedMicroseconds: number;
  readonly revocation: { readonly medianMs: number; readonly maximumMs: number };
  /** The first two as the caller sees it, the next two by the service's histogram. */
  readonly met: Readonly<
    Record<'p95' | 'p99' | 'p95Inside' | 'p99Inside' | 'cached' | 'revocation', boolean>
  >;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function percentiles(durations: readonly number[]): Percentiles {
  const sorted = durations.toSorted((one, other) => one - other);
  const at = (share: number) => Math.round(percentile(sorted, share) * 100) / 100;
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maximumMs: at(1) };
}

/** Share of observations at or below a bucket's bound. */
function shareWithin(exposition: string, bound: string): number {
  const name = 'ibex_auth_validate_token_duration_seconds';
  const value = (series: string) =>
    Number(
      exposition
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')[1],
    );
  return value(`${name}_bucket{result="ok",le="${bound}"}`) / value(`${name}_count{result="ok"}`);
}

export function toAuthReport({
  load,
  exposition,
  cached,
  perSecond,
  machine,
  cpuSeconds,
}: {
  load: LoadResult;
  exposition: string;
  cached: CachedResult;
  perSecond: number;
  machine: string;
  cpuSeconds: number;
}): AuthReport {
  const whole = percentiles(load.durationsMs);
  const revocations = cached.revocationMs.toSorted((one, other) => one - other);
  const maximumMs = revocations.at(-1) ?? Number.NaN;
  const within = { twentyMs: shareWithin(exposition, '0.02'), fiftyMs: shareWithin(exposition, '0.05') };
  return {
    machine,
    askedPerSecond: perSecond,
    validations: load.durationsMs.length,
    answeredPerSecond: Math.round(load.durationsMs.length / load.seconds),
    failures: load.failures,
    whole,
    steady: percentiles(load.durationsMs.slice(perSecond * steadyAfterSeconds)),
    within,
    cpuMicroseconds: Math.round((cpuSeconds * 1_000_000) / load.durationsMs.length),
    cachedMicroseconds: Math.round(cached.cachedMicroseconds * 100) / 100,
    revocation: { medianMs: Math.round(percentile(revocations, 0.5)), maximumMs: Math.round(maximumMs) },
    met: {
      p95: whole.p95Ms <= 20,
      p99: whole.p99Ms <= 50,
      p95Inside: within.twentyMs >= 0.95,
      p99Inside: within.fiftyMs >= 0.99,
      cached: cached.cachedMicroseconds <= 20,
      revocation: maximumMs <= 1000,
    },
  };
}

function verdict(met: boolean): string {
  return met ? 'met   ' : 'missed';
}

function line({ p50Ms, p95Ms, p99Ms, maximumMs }: Percentiles): string {
  return `p50 ${p50Ms} ms, p95 ${p95Ms} ms, p99 ${p99Ms} ms, longest ${maximumMs} ms`;
}

export function formatAuthReport(report: AuthReport): string {
  const { met, within, revocation } = report;
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
  return [
    report.machine,
    `${report.askedPerSecond} validations/s asked, ${report.answeredPerSecond} answered, ${report.validations} in all, each of another token; failures ${JSON.stringify(report.failures)}`,
    `${verdict(met.p95)}  p95 within 20 ms    from the first question on: ${line(report.whole)}`,
    `${verdict(met.p99)}  p99 within 50 ms    after 5 s: ${line(report.steady)}`,
    `${verdict(met.p95Inside && met.p99Inside)}  inside auth         ${percent(within.twentyMs)} within 20 ms, ${percent(within.fiftyMs)} within 50 ms, ${report.cpuMicroseconds} µs of a processor each`,
    `${verdict(met.cached)}  cached within 20 µs ${report.cachedMicroseconds} µs`,
    `${verdict(met.revocation)}  revocation within 1 s, made at another instance: median ${revocation.medianMs} ms, longest ${revocation.maximumMs} ms`,
    '',
  ].join('\n');
}
