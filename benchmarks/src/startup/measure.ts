import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from '../harness/child.ts';

/** The forwarder of `overhead`: Fastify and undici in every variant. */
const script = new URL('../overhead/forwarder.ts', import.meta.url);
const cpu = 0;
/** Nobody listens there: a start waits for no collector and no provider. */
const nobody = '127.0.0.1:9';

/** What is started, and which variant of the forwarder it is. */
export const startVariants = { bare: 'bare', ibex: 'ibex 1 %', common: 'common 1 %' } as const;
export type StartVariant = keyof typeof startVariants;
export const startVariantNames = Object.keys(startVariants) as readonly StartVariant[];

/** One start, from the making of the process until it listens. */
export interface Start {
  readonly wallMs: number;
  readonly cpuMs: number;
}

export type Starts = Readonly<Record<StartVariant, readonly Start[]>>;

async function start(variant: StartVariant, compileCache: string): Promise<Start> {
  const startedAt = performance.now();
  const child = new Child(script, {
    cpu,
    args: [startVariants[variant], `http://${nobody}`],
    environment: { IBEX_BENCH_SINK: nobody, NODE_COMPILE_CACHE: compileCache },
  });
  try {
    const { cpuMicroseconds } = await child.reply<{ cpuMicroseconds: number }>();
    return { wallMs: performance.now() - startedAt, cpuMs: cpuMicroseconds / 1000 };
  } finally {
    await child.stop();
  }
}

/**
 * Starts every variant in each round, beginning with another one each time. All share a compile cache, as the `ibex`
 * command gives it to the services it starts; starts that fill it are not counted.
 */
export async function measureStarts(rounds: number): Promise<Starts> {
  const compileCache = mkdtempSync(join(tmpdir(), 'ibex-startup-'));
  const starts: Record<StartVariant, Start[]> = { bare: [], ibex: [], common: [] };
  try {
    for (const name of startVariantNames) await start(name, compileCache);
    for (let round = 0; round < rounds; round++) {
      for (let index = 0; index < startVariantNames.length; index++) {
        const name = startVariantNames[(round + index) % startVariantNames.length] as StartVariant;
        starts[name].push(await start(name, compileCache));
      }
    }
  } finally {
    rmSync(compileCache, { recursive: true, force: true });
  }
  return starts;
}
