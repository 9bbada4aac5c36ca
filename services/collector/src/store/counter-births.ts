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

/** What one batch showed of one target. */
export interface TargetView {
  /** Those with samples. */
  families: ReadonlySet<string>;
  /** Those the target says it has, with samples or without. */
  announced: readonly string[];
  unixMs: number;
  /** A scrape shows all families the target ever announced. */
  isScrape: boolean;
}

interface Scrapes {
  announced: Set<string>;
  lastUnixMs: number;
  previousUnixMs: number;
}

/**
 * Knows when a counter began. A labelled counter has no series until it first counts, so its first sample is already 1 and
 * a rate over it would miss that event. When the same target showed the family a moment ago without the series, the
 * counter stood at zero then, and that zero is stored as a sample (Prometheus does so from created timestamps).
 */
export class CounterBirths {
  /** When a target last showed a family, by both. */
  readonly #shown = new Map<string, number>();
  readonly #scrapes = new Map<string, Scrapes>();
  #announced = 0;

  /** The instant at which the counter is known to have been zero, when this observation is its first since then. */
  bornAt({ series, family, unixMs, value }: Observation): number | undefined {
    if (!family.isCumulative) return undefined;
    const shown = this.#lastShown(series.target, { family: family.name, before: unixMs });
    if (shown === undefined || unixMs - shown > MAX_AGE_MS) return undefined;
    const last = series.last;
    if (last === undefined) return shown;
    return last.unixMs < shown && value < last.value ? shown : undefined;
  }

  observe(target: string, { families, announced, unixMs, isScrape }: TargetView): void {
    for (const family of families) this.#show(keyOf(target, family), unixMs);
    if (isScrape) this.#scraped(target, { announced, unixMs });
  }

  #show(key: string, unixMs: number): void {
    const before = this.#shown.get(key);
    if (before === undefined && this.#shown.size >= MAX_FAMILIES) return;
    this.#shown.set(key, Math.max(before ?? unixMs, unixMs));
  }

  #scraped(target: string, { announced, unixMs }: { announced: readonly string[]; unixMs: number }): void {
    const scrapes = this.#scrapes.get(target) ?? {
      announced: new Set<string>(),
      lastUnixMs: Number.NEGATIVE_INFINITY,
      previousUnixMs: Number.NEGATIVE_INFINITY,
    };
    this.#scrapes.set(target, scrapes);
    for (const family of announced) {
      if (scrapes.announced.has(family) || this.#announced >= MAX_FAMILIES) continue;
      scrapes.announced.add(family);
      this.#announced += 1;
    }
    if (unixMs <= scrapes.lastUnixMs) return;
    scrapes.previousUnixMs = scrapes.lastUnixMs;
    scrapes.lastUnixMs = unixMs;
  }

  /** A large scrape comes in parts of one instant, so the one before counts too. */
  #lastShown(target: string, { family, before }: { family: string; before: number }): number | undefined {
    const scrapes = this.#scrapes.get(target);
    const scraped = scrapes?.announced.has(family) ? [scrapes.lastUnixMs, scrapes.previousUnixMs] : [];
    const shown = this.#shown.get(keyOf(target, family)) ?? Number.NEGATIVE_INFINITY;
    const known = [shown, ...scraped].filter((unixMs) => Number.isFinite(unixMs) && unixMs < before);
    return known.length === 0 ? undefined : Math.max(...known);
  }
}

function keyOf(target: string, family: string): string {
  return `${target}\n${family}`;
}
