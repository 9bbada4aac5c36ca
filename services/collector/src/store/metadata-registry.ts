import type { DuckDBConnection } from '@duckdb/node-api';
import type { MetricMetadata, MetricType } from '../model.ts';
import { metadataTable } from './schema.ts';
import { execute, queryRows, SqlParameters } from './sql.ts';
import { TableAppender } from './table-appender.ts';

/** Metric families known at once; metadata of further ones is ignored, their samples are kept. */
const MAX_FAMILIES = 10_000;

const TYPES: readonly MetricType[] = ['counter', 'gauge', 'histogram', 'summary', 'unknown'];

/** What the metric families are, in memory and in the database. */
export class MetadataRegistry {
  readonly #byName = new Map<string, MetricMetadata>();
  #staged = new Map<string, MetricMetadata>();

  async load(connection: DuckDBConnection): Promise<void> {
    const sql = 'SELECT name, type, unit, help FROM metric_metadata';
    for (const row of await queryRows(connection, { sql })) {
      const type = TYPES.find((known) => known === row.text(1)) ?? 'unknown';
      this.#byName.set(row.text(0), { name: row.text(0), type, unit: row.text(2), help: row.text(3) });
    }
  }

  /** Takes note of a family; `unknown` never replaces what is known. */
  stage(metadata: MetricMetadata): void {
    const before = this.find(metadata.name);
    if (before === undefined && this.#byName.size + this.#staged.size >= MAX_FAMILIES) return;
    if (before !== undefined && (metadata.type === 'unknown' || isSame(before, metadata))) return;
    this.#staged.set(metadata.name, metadata);
  }

  /** Writes what was staged, inside the connection's transaction. */
  async write(connection: DuckDBConnection): Promise<void> {
    if (this.#staged.size === 0) return;
    const parameters = new SqlParameters();
    const sql = `DELETE FROM metric_metadata WHERE name IN (SELECT unnest(${parameters.textList([...this.#staged.keys()])}))`;
    await execute(connection, { sql, parameters });
    const appender = await TableAppender.open(connection, metadataTable);
    for (const { name, type, unit, help } of this.#staged.values()) appender.add({ name, type, unit, help });
    appender.flush();
    appender.discard();
  }

  accept(): void {
    for (const [name, metadata] of this.#staged) this.#byName.set(name, metadata);
    this.#staged.clear();
  }

  discard(): void {
    this.#staged.clear();
  }

  find(name: string): MetricMetadata | undefined {
    return this.#staged.get(name) ?? this.#byName.get(name);
  }

  names(): IterableIterator<string> {
    return this.#byName.keys();
  }
}

function isSame(one: MetricMetadata, other: MetricMetadata): boolean {
  return one.type === other.type && one.unit === other.unit && one.help === other.help;
}
