import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from '../harness/child.ts';
import { pinLoad } from '../harness/pin-load.ts';
import { runLoad } from '../overhead/load.ts';
import { requestBody } from '../overhead/payload.ts';
import { startAuth } from './auth.ts';
import { readOwnOverhead } from './own-overhead.ts';
import { runPacedLoad } from './paced-load.ts';
import { cpuMicrosecondsOf } from './process-cpu.ts';
import {
  type RunningVariant,
  type Surroundings,
  type VariantName,
  variantNames,
  variants,
} from './variants.ts';

const gatewayCpu = 0;
const loadCpu = 1;
const connections = 32;
const measured = { maximumRequests: 20_000, maximumMs: 4_000 };
/** Well below what the slowest variant can do, so that no queue builds up. */
const paced = { requestsPerSecond: 150, requests: 1_000 };
const settleMs = 1_000;

export const modes = ['json', 'sse'] as const;
export type Mode = (typeof modes)[number];

const bodies: Readonly<Record<Mode, string>> = {
  json: requestBody,
  sse: JSON.stringify({ ...JSON.parse(requestBody), stream: true }),
};

/** One variant in one mode in one round. */
export interface Measurement {
  readonly cpuMicroseconds: number;
  readonly requestsPerSecond: number;
  /** At a pace the gateway keeps up with easily. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the paced calls, the share whose overhead was within the objective, by the gateway's own histogram. */
  readonly shareWithinObjective?: number;
}

export type Measurements = Readonly<
  Record<Mode, ReadonlyMap<VariantName | 'direct', readonly Measurement[]>>
>;

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function measureMode(
  { program, port, headers }: RunningVariant,
  { mode, warmUpRequests }: { mode: Mode; warmUpRequests: number },
): Promise<Measurement> {
  const load = { port, connections, body: bodies[mode], headers };
  await runLoad({ ...load, maximumRequests: warmUpRequests, maximumMs: 20_000 });
  await settle();
  const before = cpuMicrosecondsOf(program.pid);
  const { requests, seconds } = await runLoad({ ...load, ...measured });
  // Spans that still wait for their export belong to the price of the requests that caused them.
  await settle();
  const cpuMicroseconds = (cpuMicrosecondsOf(program.pid) - before) / requests;
  return {
    cpuMicroseconds,
    requestsPerSecond: requests / seconds,
    ...(await measurePaced(mode, { port, headers })),
  };
}

async function measurePaced(
  mode: Mode,
  variant: Pick<RunningVariant, 'port' | 'headers'>,
): Promise<Pick<Measurement, 'p50Ms' | 'p99Ms' | 'shareWithinObjective'>> {
  const before = await readOwnOverhead(variant.port);
  const latency = await measureLatency(mode, variant);
  const after = await readOwnOverhead(variant.port);
  if (before === undefined || after === undefined) return latency;
  const shareWithinObjective = (after.within - before.within) / (after.all - before.all);
  return { ...latency, shareWithinObjective };
}

async function measureLatency(
  mode: Mode,
  { port, headers }: Pick<RunningVariant, 'port' | 'headers'>,
): Promise<Pick<Measurement, 'p50Ms' | 'p99Ms'>> {
  const sent = { 'content-type': 'application/json', ...headers };
  const latenciesMs = await runPacedLoad({ port, body: bodies[mode], headers: sent, ...paced });
  return { p50Ms: at(latenciesMs, 0.5), p99Ms: at(latenciesMs, 0.99) };
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, settleMs));
}

export interface MeasureOptions {
  readonly rounds: number;
  readonly warmUpRequests: number;
  readonly onMeasured: (name: string, mode: Mode, measurement: Measurement) => void;
}

/** Runs every variant in each round, beginning with another one each time; the load runs on the other processor. */
export async function measureGateways(options: MeasureOptions): Promise<Measurements> {
  pinLoad(loadCpu);
  const directory = mkdtempSync(join(tmpdir(), 'ibex-bench-gateways-'));
  const model = new Child(new URL('./model.ts', import.meta.url), { cpu: loadCpu });
  const sink = new Child(new URL('../overhead/stub.ts', import.meta.url), { cpu: loadCpu });
  const auth = await startAuth(loadCpu);
  try {
    const { port: modelPort } = await model.reply<{ port: number }>();
    const { sinkPort } = await sink.reply<{ sinkPort: number }>();
    const modelUrl = `http://127.0.0.1:${modelPort}`;
    const surroundings = { cpu: gatewayCpu, modelUrl, sink: `127.0.0.1:${sinkPort}`, auth, directory };
    return await measureRounds(surroundings, { ...options, modelPort });
  } finally {
    await Promise.all([model.stop(), sink.stop(), auth.stop()]);
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measureRounds(
  surroundings: Surroundings,
  { rounds, warmUpRequests, onMeasured, modelPort }: MeasureOptions & { modelPort: number },
): Promise<Measurements> {
  const results = { json: new Map(), sse: new Map() } as Record<
    Mode,
    Map<VariantName | 'direct', Measurement[]>
  >;
  const add = (name: VariantName | 'direct', mode: Mode, measurement: Measurement) => {
    results[mode].set(name, [...(results[mode].get(name) ?? []), measurement]);
    onMeasured(name, mode, measurement);
  };
  for (let round = 0; round < rounds; round++) {
    for (const mode of modes) {
      const latency = await measureLatency(mode, { port: modelPort, headers: {} });
      add('direct', mode, { cpuMicroseconds: 0, requestsPerSecond: Number.NaN, ...latency });
    }
    for (let index = 0; index < variantNames.length; index++) {
      const name = variantNames[(round + index) % variantNames.length] as VariantName;
      const variant = await variants[name](surroundings);
      try {
        for (const mode of modes) add(name, mode, await measureMode(variant, { mode, warmUpRequests }));
      } finally {
        await variant.program.stop();
      }
    }
  }
  return results;
}
