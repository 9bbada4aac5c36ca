import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { scrape } from '../../../tests/src/faults/harness/footprint.ts';
import { type ClientCounts, SoakClient } from './client.ts';
import { type SoakHouse, startSoakHouse } from './house.ts';
import { type Sample, slopePerMinute, takeSample } from './watch.ts';

const calibrationSeconds = 5;
const calibrationConnections = 32;
const shareOfCapacity = 0.7;
/** Of the run; what comes before is warm-up. */
const warmUpShare = 0.3;
const settleMs = 250;
const settleTimeoutMs = 30_000;
const sampleEveryMs = 2_000;

/** The same amounts, as one of those who count them has them. */
export interface Amounts {
  readonly requests?: number;
  readonly calls?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

export interface SoakResult {
  readonly seconds: number;
  /** Undefined where the rate was given. */
  readonly capacityPerSecond: number | undefined;
  readonly perSecond: number;
  readonly load: readonly [before: number, after: number];
  readonly clients: ClientCounts;
  readonly samples: readonly Sample[];
  /** Per minute, after the warm-up. */
  readonly slopes: Readonly<Record<'residentBytes' | 'heapBytes' | 'openFiles' | 'series', number>>;
  /** Before the load and after it. */
  readonly idle: readonly [before: Sample, after: Sample];
  /** Who counted what; `ledger` is absent where the gateway keeps none. */
  readonly signals: Readonly<Record<'clients' | 'metrics' | 'logs' | 'spans', Amounts>> & {
    readonly ledger?: Amounts;
  };
  readonly warnings: Readonly<Record<string, number>>;
  /** Lost spans and usage records, and what was outside the contract. */
  readonly lost: number;
}

export interface SoakOptions {
  readonly seconds: number;
  /** Requests a second; without it 70 % of what is found by trying. */
  readonly perSecond?: number | undefined;
  readonly onProgress?: (text: string) => void;
}

interface LedgerRow {
  readonly ledger: { calls: number; input_tokens: number; output_tokens: number };
}

async function readLedger({ proxy, adminToken }: SoakHouse): Promise<Amounts | undefined> {
  const answer = await fetch(`${proxy.address('http')}/admin/usage/reconciliation`, {
    headers: { authorization: `Bearer ${adminToken}` },
  });
  if (!answer.ok) return undefined;
  const { data } = (await answer.json()) as { data: readonly LedgerRow[] };
  const sum = (name: keyof LedgerRow['ledger']) =>
    data.reduce((total, { ledger }) => total + ledger[name], 0);
  return { calls: sum('calls'), inputTokens: sum('input_tokens'), outputTokens: sum('output_tokens') };
}

async function readSignals(house: SoakHouse, { sent, inputTokens, outputTokens }: ClientCounts) {
  const metrics = await scrape(house.proxy.address('http'));
  const { requests, calls, ...tokens } = house.logs;
  const ledger = await readLedger(house);
  return {
    clients: { requests: sent, inputTokens, outputTokens },
    metrics: {
      requests: metrics.sum('ibex_proxy_requests_total', 'route="/v1/chat/completions"'),
      calls: metrics.sum('ibex_proxy_call_usage_total'),
      inputTokens: metrics.sum('provider_tokens_total', 'type="input"'),
      outputTokens: metrics.sum('provider_tokens_total', 'type="output"'),
    },
    logs: { requests, calls, inputTokens: tokens.inputTokens, outputTokens: tokens.outputTokens },
    spans: await house.spans(),
    ...(ledger === undefined ? {} : { ledger }),
  };
}

/** Waits until what was recorded has arrived: nothing changes any more. */
async function settled(house: SoakHouse, counts: ClientCounts): Promise<SoakResult['signals']> {
  const deadline = performance.now() + settleTimeoutMs;
  for (let last = ''; ; await delay(settleMs)) {
    const signals = await readSignals(house, counts);
    const text = JSON.stringify(signals);
    const isWhole = signals.spans.requests === signals.metrics.requests;
    if ((text === last && isWhole) || performance.now() > deadline) return signals;
    last = text;
  }
}

/** One restart of auth and one of Redis, both within the warm-up: what they leave behind must not grow afterwards. */
async function restart(house: SoakHouse, { seconds, onProgress }: SoakOptions): Promise<void> {
  await delay(seconds * 100);
  onProgress?.('auth is killed and started again');
  await house.restartAuth();
  await delay(seconds * 50);
  onProgress?.('Redis is killed and started again');
  await house.restartRedis();
}

async function watchWhile(
  running: Promise<unknown>,
  take: () => Promise<Sample>,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  let over = false;
  const ended = running.finally(() => {
    over = true;
  });
  while (!over) {
    samples.push(await take());
    await Promise.race([ended, delay(sampleEveryMs)]);
  }
  return samples;
}

function slopesOf(samples: readonly Sample[]): SoakResult['slopes'] {
  const warm = samples.slice(Math.floor(samples.length * warmUpShare));
  const names = ['residentBytes', 'heapBytes', 'openFiles', 'series'] as const;
  return Object.fromEntries(names.map((name) => [name, slopePerMinute(warm, name)])) as SoakResult['slopes'];
}

/** Nothing under way, and no more files open than before, as far as that comes about in time. */
async function untilIdle(take: () => Promise<Sample>, openFiles = Number.POSITIVE_INFINITY): Promise<Sample> {
  const deadline = performance.now() + settleTimeoutMs;
  let sample = await take();
  while ((sample.callsInFlight > 0 || sample.openFiles > openFiles) && performance.now() < deadline) {
    await delay(settleMs);
    sample = await take();
  }
  return sample;
}

async function soak(house: SoakHouse, options: SoakOptions): Promise<SoakResult> {
  const { seconds, onProgress } = options;
  const url = house.proxy.address('http');
  const startedAt = performance.now();
  const take = () => takeSample({ pid: house.proxy.pid, url }, startedAt);
  const client = new SoakClient({ url, apiKey: house.apiKey });
  const calibration = { seconds: calibrationSeconds, busy: calibrationConnections };
  const capacityPerSecond = options.perSecond === undefined ? await client.calibrate(calibration) : undefined;
  const perSecond = options.perSecond ?? (capacityPerSecond ?? 0) * shareOfCapacity;
  onProgress?.(`${perSecond.toFixed(0)} requests a second for ${seconds} s`);
  const before = await untilIdle(take);
  const loadBefore = loadavg()[0] ?? 0;
  const restarting = restart(house, options);
  const samples = await watchWhile(client.run({ seconds, perSecond }), take);
  await restarting;
  const loadAfter = loadavg()[0] ?? 0;
  client.close();
  const after = await untilIdle(take, before.openFiles);
  const signals = await settled(house, client.counts);
  const metrics = await scrape(url);
  return {
    seconds,
    capacityPerSecond,
    perSecond,
    load: [loadBefore, loadAfter],
    clients: client.counts,
    samples,
    slopes: slopesOf(samples),
    idle: [before, after],
    signals,
    warnings: house.logs.warnings,
    lost:
      metrics.sum('ibex_telemetry_dropped_total') +
      metrics.sum('ibex_proxy_usage_records_dropped_total') +
      metrics.sum('ibex_contract_violations_total'),
  };
}

/** Loads the gateway for a while with faults of all kinds, and looks at what it holds and counts. */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  const house = await startSoakHouse();
  try {
    return await soak(house, options);
  } finally {
    await house.stop();
  }
}
