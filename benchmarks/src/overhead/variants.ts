import type { Instrument } from './instrument.ts';

/** Each way to observe the forwarder, loaded only in the process that measures it. */
export const variants = {
  bare: async () => (await import('./instrument.ts')).bare,
  'ibex 100 %': async () => (await import('./ibex.ts')).observeWithIbex({ sampleRatio: 1 }),
  'ibex 1 %': async () => (await import('./ibex.ts')).observeWithIbex({ sampleRatio: 0.01 }),
  'common 100 %': async () => (await import('./common.ts')).observeCommonly({ sampleRatio: 1 }),
  'common 1 %': async () => (await import('./common.ts')).observeCommonly({ sampleRatio: 0.01 }),
} as const satisfies Readonly<Record<string, () => Promise<Instrument>>>;

export type VariantName = keyof typeof variants;

export const variantNames = Object.keys(variants) as readonly VariantName[];
