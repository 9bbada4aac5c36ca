import type { Amounts, SoakResult } from './result.ts';
import { mediansOfThirds, type Point, slopePerMinute } from './trend.ts';
import type { Sample } from './watch.ts';
import type { KeptMemory } from './watched-service.ts';

/** Whether one thing that must not grow, or must agree, did so. */
export interface Verdict {
  readonly what: string;
  /** Undefined where the run was too short to say. */
  readonly held: boolean | undefined;
  /** The figures it is made from, and the rule. */
  readonly detail: string;
}

const mebibyte = 1024 * 1024;
/** Tables that were not full yet, such as that of kept traces, may fill; what is kept for each request is far more. */
const mostKeptBytes = 4 * mebibyte;
/** From the first third to the last: after a burst the allocators keep some more, 8 MiB at a time. */
const mostPlateauGrowth = 0.03;
/** Over the second half, by its slope. */
const mostSlopeGrowth = 0.02;
/** In less time a heap has not found its size. */
const fewestSeconds = 120;
/** Of the run: warm-up, with the restarts in it. */
export const warmUpShare = 0.3;

const amountNames = ['requests', 'calls', 'inputTokens', 'outputTokens'] as const;

function mebibytes(bytes: number): string {
  return (bytes / mebibyte).toFixed(1);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/**
 * Amounts on which those who count do not agree; none is what is wanted. Spans that were dropped, and counted as dropped,
 * are missed by the receiver alone.
 */
export function disagreements({
  signals,
  clients,
  lost,
}: Pick<SoakResult, 'signals' | 'clients' | 'lost'>): readonly string[] {
  return amountNames.filter((name) => {
    const counted = Object.entries(signals)
      // Clients that left, or whose connection broke, never heard of the tokens.
      .filter(([who]) => who !== 'clients' || name === 'requests')
      .filter(([who]) => who !== 'spans' || lost.telemetry === 0)
      .map(([, amounts]) => (amounts as Amounts)[name])
      .filter((amount) => amount !== undefined);
    const heard = signals.clients[name] ?? 0;
    const most = Math.max(...counted);
    return (
      new Set(counted).size > 1 ||
      heard > most ||
      (clients.broken === 0 && name === 'requests' && heard !== most)
    );
  });
}

function keptVerdicts(
  service: string,
  [before, after]: readonly [KeptMemory, KeptMemory],
): readonly Verdict[] {
  const verdict = (what: string, name: keyof KeptMemory): Verdict => {
    const growth = after[name] - before[name];
    return {
      what: `${service}: ${what}, garbage collected`,
      held: growth <= mostKeptBytes,
      detail: `${mebibytes(before[name])} → ${mebibytes(after[name])} MiB, ${mebibytes(growth)} more (at most ${mebibytes(mostKeptBytes)})`,
    };
  };
  return [verdict('heap', 'heapBytes'), verdict('memory outside of it', 'externalBytes')];
}

function residentVerdicts(
  service: string,
  { samples, seconds }: SoakResult,
  amountOf: (sample: Sample) => number | undefined,
): readonly Verdict[] {
  const points = samples.flatMap((sample): Point[] => {
    const amount = amountOf(sample);
    return amount === undefined ? [] : [{ seconds: sample.seconds, amount }];
  });
  const isLong = seconds >= fewestSeconds;
  const warm = points.slice(Math.floor(points.length * warmUpShare));
  const [first, second, last] = mediansOfThirds(warm);
  const growth = last / first - 1;
  const half = points.slice(points.length >> 1);
  const slope = slopePerMinute(half);
  const share = (slope * seconds) / 60 / 2 / last;
  return [
    {
      what: `${service}: resident memory, medians of thirds`,
      held: isLong ? growth <= mostPlateauGrowth : undefined,
      detail: `${[first, second, last].map(mebibytes).join(' → ')} MiB, ${percent(growth)} (at most ${percent(mostPlateauGrowth)} more)`,
    },
    {
      what: `${service}: resident memory, slope of the second half`,
      held: isLong ? share <= mostSlopeGrowth : undefined,
      detail: `${(slope / mebibyte).toFixed(2)} MiB a minute, ${percent(share)} in all (at most ${percent(mostSlopeGrowth)})`,
    },
  ];
}

function countVerdicts({ idle: [before, after], samples, lost }: SoakResult): readonly Verdict[] {
  const warm = samples[Math.floor(samples.length * warmUpShare)] ?? before;
  const losses = Object.entries(lost);
  return [
    {
      what: 'proxy: open files at idle',
      held: after.openFiles <= before.openFiles,
      detail: `${before.openFiles} → ${after.openFiles}`,
    },
    {
      what: 'proxy: series after the warm-up',
      held: after.series <= warm.series,
      detail: `${warm.series} → ${after.series}`,
    },
    {
      what: 'calls in flight at the end',
      held: after.callsInFlight === 0,
      detail: String(after.callsInFlight),
    },
    {
      what: 'lost or outside the contract',
      held: losses.every(([, count]) => count === 0),
      detail: losses.map(([what, count]) => `${what} ${count}`).join(', '),
    },
  ];
}

function signalVerdict(result: SoakResult): Verdict {
  const apart = disagreements(result);
  return {
    what: 'clients, metrics, logs, spans and ledger agree',
    held: apart.length === 0,
    detail: apart.length === 0 ? `on ${amountNames.join(', ')}` : `not on ${apart.join(', ')}`,
  };
}

/** Everything a soak is to show, one by one. */
export function judge(result: SoakResult): readonly Verdict[] {
  const { kept } = result;
  return [
    ...keptVerdicts('proxy', kept.proxy),
    ...keptVerdicts('auth', kept.auth),
    ...residentVerdicts('proxy', result, ({ residentBytes }) => residentBytes),
    ...residentVerdicts('auth', result, ({ authResidentBytes }) => authResidentBytes),
    ...countVerdicts(result),
    signalVerdict(result),
  ];
}
