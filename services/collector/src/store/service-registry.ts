import type { DuckDBConnection } from '@duckdb/node-api';
import { serviceTable } from './schema.ts';
import { execute, queryRows, SqlParameters } from './sql.ts';
import { TableAppender } from './table-appender.ts';
import type { ServiceSeen } from './types.ts';

/** Services known at once; further ones are stored and searchable but not listed. */
const MAX_SERVICES = 1_000;
/** After a crash `lastSeen` may be this much behind: writing it with every commit would double small commits. */
const WRITE_INTERVAL_MS = 10_000;

/** When each service was last heard of, in any signal. */
export class ServiceRegistry {
  readonly #lastSeen = new Map<string, number>();
  readonly #unwritten = new Set<string>();
  #writing: string[] = [];
  #writtenUnixMs = 0;

  async load(connection: DuckDBConnection): Promise<void> {
    const sql = 'SELECT name, max(last_seen_ms) FROM services GROUP BY name';
    for (const row of await queryRows(connection, { sql })) this.#lastSeen.set(row.text(0), row.number(1));
  }

  observe(name: string, unixMs: number): void {
    if (name === '') return;
    const before = this.#lastSeen.get(name);
    if (before === undefined && this.#lastSeen.size >= MAX_SERVICES) return;
    const seen = Math.min(unixMs, Date.now());
    if (before !== undefined && before >= seen) return;
    this.#lastSeen.set(name, seen);
    this.#unwritten.add(name);
  }

  /** Writes what changed, inside the connection's transaction; nothing when that was done moments ago. */
  async write(connection: DuckDBConnection, { force = false } = {}): Promise<void> {
    const isDue = force || Date.now() - this.#writtenUnixMs >= WRITE_INTERVAL_MS;
    if (!isDue || this.#unwritten.size === 0) return;
    this.#writing = [...this.#unwritten];
    const parameters = new SqlParameters();
    const sql = `DELETE FROM services WHERE name IN (SELECT unnest(${parameters.textList(this.#writing)}))`;
    await execute(connection, { sql, parameters });
    const appender = await TableAppender.open(connection, serviceTable);
    for (const name of this.#writing) appender.add({ name, lastSeenMs: this.#lastSeenMs(name) });
    appender.flush();
    appender.discard();
  }

  /** After the transaction that `write` took part in was committed. */
  accept(): void {
    if (this.#writing.length === 0) return;
    for (const name of this.#writing) this.#unwritten.delete(name);
    this.#writing = [];
    this.#writtenUnixMs = Date.now();
  }

  /** After it was rolled back. */
  discard(): void {
    this.#writing = [];
  }

  #lastSeenMs(name: string): bigint {
    return BigInt(Math.floor(this.#lastSeen.get(name) ?? 0));
  }

  /** Forgets services not heard of since; the next `write` does not bring them back. */
  forgetBefore(unixMs: number): void {
    for (const [name, seen] of this.#lastSeen) {
      if (seen >= unixMs) continue;
      this.#lastSeen.delete(name);
      this.#unwritten.delete(name);
    }
  }

  list(): ServiceSeen[] {
    const seen = [...this.#lastSeen].map(([name, lastSeenUnixMs]) => ({ name, lastSeenUnixMs }));
    return seen.sort((one, other) => (one.name < other.name ? -1 : 1));
  }
}
