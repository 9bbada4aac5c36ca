import { Child } from '../harness/child.ts';
import { pinLoad } from '../harness/pin-load.ts';
import { runLoad } from './load.ts';
import { type VariantName, variantNames } from './variants.ts';

const forwarderCpu = 0;
const loadCpu = 1;
const connections = 32;
const warmUpMs = 15_000;
const measured = { maximumRequests: 30_000, maximumMs: 3_000 };

/** One variant in one round. */
export interface Measurement {
  readonly cpuMicroseconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly requestsPerSecond: number;
  /** Spans the sink got per request, warm-up included. */
  readonly spans: number;
  /** Log lines per request, warm-up included. */
  readonly lines: number;
}

interface Stub {
  readonly child: Child;
  readonly modelPort: number;
  readonly sinkPort: number;
}

interface Cpu {
  readonly cpuMicroseconds: number;
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function measureVariant(
  name: VariantName,
  { stub: { child: stub, modelPort, sinkPort }, warmUpRequests }: { stub: Stub; warmUpRequests: number },
): Promise<Measurement> {
  await stub.ask('count');
  const forwarder = new Child(new URL('./forwarder.ts', import.meta.url), {
    cpu: forwarderCpu,
    args: [name, `http://127.0.0.1:${modelPort}`],
    environment: { IBEX_BENCH_SINK: `127.0.0.1:${sinkPort}` },
  });
  try {
    const { port } = await forwarder.reply<{ port: number }>();
    const warmUp = await runLoad({
      ...{ port, connections },
      ...{ maximumRequests: warmUpRequests, maximumMs: warmUpMs },
    });
    const before = await forwarder.ask<Cpu>('cpu');
    const { requests, seconds, latenciesMs } = await runLoad({ port, connections, ...measured });
    const after = await forwarder.ask<Cpu>('drain');
    const { spans } = await stub.ask<{ spans: number }>('count');
    const allRequests = requests + warmUp.requests;
    return {
      cpuMicroseconds: (after.cpuMicroseconds - before.cpuMicroseconds) / requests,
      p50Ms: at(latenciesMs, 0.5),
      p99Ms: at(latenciesMs, 0.99),
      requestsPerSecond: requests / seconds,
      spans: spans / allRequests,
      lines: forwarder.lines / allRequests,
    };
  } finally {
    await forwarder.stop();
  }
}

export type Measurements = Readonly<Record<VariantName, readonly Measurement[]>>;

export interface MeasureOptions {
  readonly rounds: number;
  /** Requests before the measured ones: the optimiser is at work for longer where there is more code. */
  readonly warmUpRequests: number;
  readonly onMeasured: (name: VariantName, measurement: Measurement) => void;
}

/** Runs every variant in each round, beginning with another one each time. */
export async function measureVariants({
  rounds,
  warmUpRequests,
  onMeasured,
}: MeasureOptions): Promise<Measurements> {
  pinLoad(loadCpu);
  const results: Record<VariantName, Measurement[]> = {
    bare: [],
    'ibex 100 %': [],
    'ibex 1 %': [],
    'common 100 %': [],
    'common 1 %': [],
  };
  const child = new Child(new URL('./stub.ts', import.meta.url), { cpu: loadCpu });
  try {
    const stub = { child, ...(await child.reply<Omit<Stub, 'child'>>()) };
    for (let round = 0; round < rounds; round++) {
      for (let index = 0; index < variantNames.length; index++) {
        const name = variantNames[(round + index) % variantNames.length] as VariantName;
        const measurement = await measureVariant(name, { stub, warmUpRequests });
        results[name].push(measurement);
        onMeasured(name, measurement);
      }
    }
  } finally {
    await child.stop();
  }
  return results;
}
