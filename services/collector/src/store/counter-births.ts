import type { FamilyOfSeries } from './metric-family.ts';
import type { Series } from './series-registry.ts';

/** Pairs of target and family remembered at once; counters of further ones begin with their first sample. */
const MAX_FAMILIES = 20_000;
/** A look at a target longer ago says nothing about when a counter began. */
const MAX_AGE_MS = 300_000;

interface Observation {
  series: Series;
  family: FamilyOfSeries;
  unixMs: number;
  value: number;
}

/**
 * Knows when a counter began. A labelled counter has no series until it first counts, so its first sample is already 1 and
 * a rate over it would miss that event. When the same target showed the family a moment ago without the series, the
 * counter stood at zero then, and that zero is stored as a sample (Prometheus does so from created timestamps).
 */
export class CounterBirths {
  /** When a target last showed a family, by both. */
  readonly #shown = new Map<string, number>();

  /** The instant at which the counter is known to have been zero, when this observation is its first since then. */
  bornAt({ series, family, unixMs, value }: Observation): number | undefined {
    if (!family.isCumulative) return undefined;
    const shown = this.#shown.get(keyOf(series.target, family.name));
    if (shown === undefined || shown >= unixMs || unixMs - shown > MAX_AGE_MS) return undefined;
    const last = series.last;
    if (last === undefined) return shown;
    return last.unixMs < shown && value < last.value ? shown : undefined;
  }

  /** Notes that a target showed families, all at once. */
  observe(target: string, { families, unixMs }: { families: Iterable<string>; unixMs: number }): void {
    for (const family of families) {
      const key = keyOf(target, family);
      const before = this.#shown.get(key);
      if (before === undefined && this.#shown.size >= MAX_FAMILIES) return;
      if (before === undefined || before < unixMs) this.#shown.set(key, unixMs);
    }
  }
}

function keyOf(target: string, family: string): string {
  return `${target}\n${family}`;
}
