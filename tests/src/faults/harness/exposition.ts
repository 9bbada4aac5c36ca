/** Of the runtime, as its garbage is collected, and of verdicts, as they grow old. */
const byTheClock = /^(?:nodejs_|process_|ibex_proxy_auth_cache_lookups_total)/;

/** What `/metrics` said at one moment. */
export class Exposition {
  readonly #values = new Map<string, number>();

  constructor(text: string) {
    for (const line of text.split('\n')) {
      const space = line.lastIndexOf(' ');
      if (line !== '' && !line.startsWith('#')) {
        this.#values.set(line.slice(0, space), Number(line.slice(space + 1)));
      }
    }
  }

  /** The value of a series as written there; 0 when there is none. */
  value(series: string): number {
    return this.#values.get(series) ?? 0;
  }

  /** The sum over all series of a metric whose labels contain all of these texts. */
  sum(metric: string, ...labels: readonly string[]): number {
    let sum = 0;
    for (const [series, value] of this.#values) {
      const isOfMetric = series === metric || series.startsWith(`${metric}{`);
      if (isOfMetric && labels.every((label) => series.includes(label))) sum += value;
    }
    return sum;
  }

  /** The series that come by what is asked of the service, and not by the clock. */
  get series(): readonly string[] {
    return [...this.#values.keys()].filter((series) => !byTheClock.test(series));
  }
}
