import type { WriteContext } from './batch-writer.ts';
import type { EncodedBatch, SampleColumns } from './encode.ts';
import { type FamilyOfSeries, familyOf } from './metric-family.ts';
import type { Series } from './series-registry.ts';

type MetricBatch = Pick<EncodedBatch, 'samples' | 'metadata'>;

/** The sample a scraper adds to each scrape: 1 when the target answered (Prometheus, "Automatically generated labels"). */
const SCRAPE_MARKER = 'up';

/** What one batch showed of one target. */
interface Target {
  families: Set<string>;
  firstUnixMs: number;
  isScrape: boolean;
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

interface Sample {
  unixMs: number;
  value: number;
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
    const announced = this.#targets.size === 1 ? metadata.map(({ name }) => name) : [];
    for (const [target, { families, firstUnixMs, isScrape }] of this.#targets) {
      const view = { families, announced, unixMs: firstUnixMs, isScrape };
      this.#context.registries.births.observe(target, view);
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
    const sample = {
      unixMs: Math.floor(samples.timesUnixMs[index] ?? 0),
      value: samples.values[index] ?? 0,
    };
    const family = this.#familyOf(name);
    const bornAt = this.#context.registries.births.bornAt({ series, family, ...sample });
    if (bornAt !== undefined) this.#append(series, { unixMs: bornAt, value: 0 });
    this.#append(series, sample);
    this.#note(series, { family, sample });
  }

  #append(series: Series, { unixMs, value }: Sample): void {
    this.#context.appenders.samples.add({ seriesId: series.id, timeMs: BigInt(unixMs), value });
    series.last = { unixMs, value };
    this.#written += 1;
  }

  #note(series: Series, { family, sample }: { family: FamilyOfSeries; sample: Sample }): void {
    this.#context.registries.services.observe(series.service, sample.unixMs);
    const target = this.#targets.get(series.target) ?? {
      families: new Set<string>(),
      firstUnixMs: sample.unixMs,
      isScrape: false,
    };
    this.#targets.set(series.target, target);
    target.families.add(family.name);
    target.firstUnixMs = Math.min(target.firstUnixMs, sample.unixMs);
    if (series.name === SCRAPE_MARKER && sample.value === 1) target.isScrape = true;
  }

  #familyOf(name: string): FamilyOfSeries {
    const { metadata } = this.#context.registries;
    const family = this.#families.get(name) ?? familyOf(name, (wanted) => metadata.find(wanted));
    this.#families.set(name, family);
    return family;
  }
}
