import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { SoakClient } from './client.ts';
import { type SoakHouse, startSoakHouse } from './house.ts';
import type { SoakResult } from './result.ts';
import { readLosses, settledSignals } from './signals.ts';
import { warmUpShare } from './verdicts.ts';
import { type Sample, takeSample } from './watch.ts';
import type { KeptMemory } from './watched-service.ts';

/** Enough under way that the gateway is never idle, with those among them whose model takes its time. */
const calibration = { warmUpSeconds: 10, windowSeconds: 5, busy: 192 };
const shareOfCapacity = 0.7;
/** At a rate that was given. */
const warmUpSeconds = 5;
/** Of the run. */
const authRestartShare = 0.1;
const redisRestartShare = 0.15;
const askAgainMs = 250;
const idleTimeoutMs = 30_000;
/** After which model and gateway have closed the connections they do not use. */
const calmMs = 6_000;
const sampleEveryMs = 2_000;

export interface SoakOptions {
  readonly seconds: number;
  /** Requests a second; without it 70 % of what is found by trying. */
  readonly perSecond?: number | undefined;
  readonly onProgress?: (text: string) => void;
}

/** What one run needs everywhere. */
interface Run extends SoakOptions {
  readonly house: SoakHouse;
  readonly client: SoakClient;
  take(): Promise<Sample>;
}

type KeptPair = readonly [before: KeptMemory, after: KeptMemory];

/** Loads the gateway with what comes later, which finds its capacity where no rate is given. */
async function warmUp({ client, perSecond, onProgress }: Run) {
  if (perSecond !== undefined) {
    await client.run({ seconds: warmUpSeconds, perSecond });
    return { perSecond, capacityPerSecond: undefined };
  }
  const capacityPerSecond = await client.calibrate(calibration);
  onProgress?.(`the capacity is ${capacityPerSecond.toFixed(0)} requests a second`);
  return { perSecond: capacityPerSecond * shareOfCapacity, capacityPerSecond };
}

async function collectOf(house: SoakHouse): Promise<KeptMemory> {
  const auth = house.auth();
  if (auth === undefined) throw new Error('auth is away where its memory is to be looked at');
  return auth.collect();
}

/**
 * One restart of auth and one of Redis, both within the warm-up of the run: what they leave behind must not grow
 * afterwards. Gives what auth keeps from then on.
 */
async function restart({ house, seconds, onProgress }: Run): Promise<KeptMemory> {
  const startedAt = performance.now();
  const until = (share: number) => delay(Math.max(0, startedAt + seconds * share * 1000 - performance.now()));
  await until(authRestartShare);
  onProgress?.('auth is killed and started again');
  await house.restartAuth();
  await until(redisRestartShare);
  onProgress?.('Redis is killed and started again');
  await house.restartRedis();
  await until(warmUpShare);
  return collectOf(house);
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

/** Nothing under way, and no more files open than before, as far as that comes about in time. */
async function untilIdle({ client, take }: Run, openFiles = Number.POSITIVE_INFINITY): Promise<Sample> {
  client.disconnect();
  await delay(calmMs);
  const deadline = performance.now() + idleTimeoutMs;
  let sample = await take();
  while ((sample.callsInFlight > 0 || sample.openFiles > openFiles) && performance.now() < deadline) {
    await delay(askAgainMs);
    sample = await take();
  }
  return sample;
}

/** The load itself, from idle to idle. */
async function load(run: Run, perSecond: number) {
  const { house, client, seconds, take, onProgress } = run;
  const before = await untilIdle(run);
  const proxyBefore = await house.proxy.collect();
  onProgress?.(`${perSecond.toFixed(0)} requests a second for ${seconds} s`);
  const loadBefore = loadavg()[0] ?? 0;
  const [samples, authBefore] = await Promise.all([
    watchWhile(client.run({ seconds, perSecond }), take),
    restart(run),
  ]);
  const loadAfter = loadavg()[0] ?? 0;
  const after = await untilIdle(run, before.openFiles);
  const proxyKept: KeptPair = [proxyBefore, await house.proxy.collect()];
  const authKept: KeptPair = [authBefore, await collectOf(house)];
  return {
    load: [loadBefore, loadAfter],
    samples,
    idle: [before, after],
    kept: { proxy: proxyKept, auth: authKept },
  } as const;
}

async function soak(house: SoakHouse, options: SoakOptions): Promise<SoakResult> {
  const url = house.proxy.address('http');
  const startedAt = performance.now();
  const client = new SoakClient({ url, apiKey: house.apiKey });
  const observed = { pid: house.proxy.pid, url, authPid: () => house.auth()?.pid };
  const take = () => takeSample(observed, startedAt);
  const run = { ...options, house, client, take };
  const { perSecond, capacityPerSecond } = await warmUp(run);
  const loaded = await load(run, perSecond);
  return {
    seconds: options.seconds,
    capacityPerSecond,
    perSecond,
    ...loaded,
    clients: client.counts,
    signals: await settledSignals(house, client.counts),
    warnings: house.logs.warnings,
    lost: await readLosses(house),
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
