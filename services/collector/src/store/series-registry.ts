import type { DuckDBConnection } from '@duckdb/node-api';
import { queryRows } from './sql.ts';

export interface Series {
  readonly id: number;
  readonly name: string;
  /** JSON with sorted keys. */
  readonly labels: string;
  /** The label `service`; empty when there is none. */
  readonly service: string;
  /** The process the series comes from: its service and, where one is given, its instance. */
  readonly target: string;
  /** The newest sample since the start; undefined before the first. */
  last: { unixMs: number; value: number } | undefined;
}

/** The series of one name. */
export interface SeriesOfName {
  readonly series: Series[];
  readonly labelNames: Set<string>;
  readonly services: Set<string>;
}

/**
 * All series the store knows, in memory: a sample finds its series without a query, and one writer keeps (name, labels)
 * unique. What a transaction adds counts only after `accept`.
 */
export class SeriesRegistry {
  readonly #maxSeries: number;
  readonly #byKey = new Map<string, Series>();
  readonly #byName = new Map<string, SeriesOfName>();
  #staged: Series[] = [];
  #lastId = 0;

  constructor({ maxSeries }: { maxSeries: number }) {
    this.#maxSeries = maxSeries;
  }

  get size(): number {
    return this.#byKey.size;
  }

  async load(connection: DuckDBConnection): Promise<void> {
    const rows = await queryRows(connection, { sql: 'SELECT id, name, labels FROM series ORDER BY id' });
    for (const row of rows) {
      const series = newSeries({ id: row.number(0), name: row.text(1), labels: row.text(2) });
      this.#byKey.set(keyOf(series.name, series.labels), series);
      this.#index(series);
      this.#lastId = Math.max(this.#lastId, series.id);
    }
  }

  /** The series of a sample, made when it is new; undefined when there are as many as may be. */
  resolve(name: string, labels: string): Series | undefined {
    const key = keyOf(name, labels);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    if (this.#byKey.size >= this.#maxSeries) return undefined;
    const series = newSeries({ id: ++this.#lastId, name, labels });
    this.#byKey.set(key, series);
    this.#staged.push(series);
    return series;
  }

  /** Series made since the last `accept` or `discard`. */
  get staged(): readonly Series[] {
    return this.#staged;
  }

  accept(): void {
    for (const series of this.#staged) this.#index(series);
    this.#staged = [];
  }

  discard(): void {
    for (const series of this.#staged) this.#byKey.delete(keyOf(series.name, series.labels));
    this.#staged = [];
  }

  /** Forgets series that are no longer stored. */
  remove(ids: ReadonlySet<number>): void {
    for (const [key, { id }] of this.#byKey) if (ids.has(id)) this.#byKey.delete(key);
    this.#byName.clear();
    for (const series of this.#byKey.values()) this.#index(series);
  }

  /** Those of the series that had no sample since, as far as this process knows. */
  idleSince(unixMs: number, ids: ReadonlySet<number>): Set<number> {
    const idle = new Set<number>();
    for (const { id, last } of this.#byKey.values()) {
      if (ids.has(id) && (last === undefined || last.unixMs < unixMs)) idle.add(id);
    }
    return idle;
  }

  find(name: string): SeriesOfName | undefined {
    return this.#byName.get(name);
  }

  names(): IterableIterator<string> {
    return this.#byName.keys();
  }

  #index(series: Series): void {
    const group = this.#byName.get(series.name) ?? {
      series: [],
      labelNames: new Set<string>(),
      services: new Set<string>(),
    };
    this.#byName.set(series.name, group);
    group.series.push(series);
    for (const name of Object.keys(labelsOf(series))) group.labelNames.add(name);
    if (series.service !== '') group.services.add(series.service);
  }
}

/** The labels of a series as it was sent. */
export function labelsOf(series: Pick<Series, 'labels'>): Record<string, string> {
  return JSON.parse(series.labels);
}

function newSeries({ id, name, labels }: Pick<Series, 'id' | 'name' | 'labels'>): Series {
  const { service = '', instance = '' } = labelsOf({ labels });
  return { id, name, labels, service, target: `${service}\n${instance}`, last: undefined };
}

function keyOf(name: string, labels: string): string {
  return `${name}\n${labels}`;
}
