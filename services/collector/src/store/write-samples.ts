import type { WriteContext } from './batch-writer.ts';
import type { EncodedBatch, SampleColumns } from './encode.ts';
import { type FamilyOfSeries, familyOf } from './metric-family.ts';
import type { Series } from './series-registry.ts';

type MetricBatch = Pick<EncodedBatch, 'samples' | 'metadata'>;

/** What one batch showed of one target. */
interface Target {
  families: Set<string>;
  firstUnixMs: number;
}

/**
 * Adds samples, and the series that are new with them.
 * @returns how many samples were added, and how many dropped because there are too many series.
 */
export function writeSamples(
  batches: readonly MetricBatch[],
  context: WriteContext,
): { written: number; dropped: number } {
  const outcome = { written: 0, dropped: 0 };
  for (const batch of batches) {
    const sum = new SampleBatch(context).write(batch);
    outcome.written += sum.written;
    outcome.dropped += sum.dropped;
  }
  for (const { id, name, labels } of context.registries.series.staged) {
    context.appenders.series.add({ id, name, labels });
  }
  return outcome;
}

class SampleBatch {
  readonly #context: WriteContext;
  readonly #families = new Map<string, FamilyOfSeries>();
  readonly #targets = new Map<string, Target>();
  #written = 0;
  #dropped = 0;

  constructor(context: WriteContext) {
    this.#context = context;
  }

  write({ samples, metadata }: MetricBatch): { written: number; dropped: number } {
    for (const index of samples.names.keys()) this.#writeSample(samples, index);
    const shown = this.#targets.size === 1 ? metadata.map(({ name }) => name) : [];
    for (const [target, { families, firstUnixMs }] of this.#targets) {
      const { births } = this.#context.registries;
      births.observe(target, { families: [...families, ...shown], unixMs: firstUnixMs });
    }
    return { written: this.#written, dropped: this.#dropped };
  }

  #writeSample(samples: SampleColumns, index: number): void {
    const name = samples.names[index] ?? '';
    const series = this.#context.registries.series.resolve(name, samples.labels[index] ?? '{}');
    if (series === undefined) {
      this.#dropped += 1;
      return;
    }
    const unixMs = Math.floor(samples.timesUnixMs[index] ?? 0);
    const value = samples.values[index] ?? 0;
    const family = this.#familyOf(name);
    const bornAt = this.#context.registries.births.bornAt({ series, family, unixMs, value });
    if (bornAt !== undefined) this.#append(series, { unixMs: bornAt, value: 0 });
    this.#append(series, { unixMs, value });
    this.#note(series, { family, unixMs });
  }

  #append(series: Series, { unixMs, value }: { unixMs: number; value: number }): void {
    this.#context.appenders.samples.add({ seriesId: series.id, timeMs: BigInt(unixMs), value });
    series.last = { unixMs, value };
    this.#written += 1;
  }

  #note(series: Series, { family, unixMs }: { family: FamilyOfSeries; unixMs: number }): void {
    this.#context.registries.services.observe(series.service, unixMs);
    const target = this.#targets.get(series.target);
    if (target === undefined) {
      this.#targets.set(series.target, { families: new Set([family.name]), firstUnixMs: unixMs });
      return;
    }
    target.families.add(family.name);
    target.firstUnixMs = Math.min(target.firstUnixMs, unixMs);
  }

  #familyOf(name: string): FamilyOfSeries {
    const { metadata } = this.#context.registries;
    const family = this.#families.get(name) ?? familyOf(name, (wanted) => metadata.find(wanted));
    this.#families.set(name, family);
    return family;
  }
}
