import {
  BIGINT,
  DOUBLE,
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  UBIGINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import type { ColumnType, Table } from './schema.ts';

/** DuckDB's vector size: the most one chunk can hold. */
const CHUNK_ROWS = 2048;

const TYPES: Record<ColumnType, DuckDBType> = {
  BIGINT,
  UBIGINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  DOUBLE,
  VARCHAR,
};

type Value = bigint | number | string | null;
type Row<Definition extends Table> = { readonly [Property in keyof Definition['columns']]: Value };

/** Appends rows to one table inside the connection's current transaction, in chunks. */
export class TableAppender<Definition extends Table> {
  readonly #appender: DuckDBAppender;
  readonly #properties: (keyof Definition['columns'])[];
  readonly #types: DuckDBType[];
  #columns: Value[][];
  #rows = 0;
  #isUnflushed = false;

  static async open<Definition extends Table>(
    connection: DuckDBConnection,
    table: Definition,
  ): Promise<TableAppender<Definition>> {
    return new TableAppender(await connection.createAppender(table.name), table);
  }

  private constructor(appender: DuckDBAppender, table: Definition) {
    this.#appender = appender;
    this.#properties = Object.keys(table.columns);
    this.#types = Object.values(table.columns).map((type) => TYPES[type]);
    this.#columns = this.#emptyColumns();
  }

  add(row: Row<Definition>): void {
    for (const [index, property] of this.#properties.entries()) this.#columns[index]?.push(row[property]);
    this.#rows += 1;
    if (this.#rows === CHUNK_ROWS) this.#emit();
  }

  /** Hands everything added to the transaction. */
  flush(): void {
    if (this.#rows > 0) this.#emit();
    if (!this.#isUnflushed) return;
    this.#appender.flushSync();
    this.#isUnflushed = false;
  }

  /** Throws away what was not flushed; the appender is of no use afterwards. */
  discard(): void {
    this.#appender.clear();
    this.#appender.closeSync();
  }

  #emit(): void {
    const chunk = DuckDBDataChunk.create(this.#types);
    chunk.setColumns(this.#columns);
    this.#appender.appendDataChunk(chunk);
    this.#isUnflushed = true;
    this.#columns = this.#emptyColumns();
    this.#rows = 0;
  }

  #emptyColumns(): Value[][] {
    return this.#properties.map(() => []);
  }
}
