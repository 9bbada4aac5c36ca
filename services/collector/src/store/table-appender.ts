import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType, Table } from './schema.ts';

type Value = bigint | number | string | null;
type Row<Definition extends Table> = { readonly [Property in keyof Definition['columns']]: Value };
type Append = (appender: DuckDBAppender, value: Value) => void;

/** Each value crosses by itself: chunks of 2,048 rows would cost a megabyte for a commit of one. */
const APPEND: Record<ColumnType, Append> = {
  BIGINT: (appender, value) => appender.appendBigInt(value as bigint),
  UBIGINT: (appender, value) => appender.appendUBigInt(value as bigint),
  UINTEGER: (appender, value) => appender.appendUInteger(value as number),
  USMALLINT: (appender, value) => appender.appendUSmallInt(value as number),
  UTINYINT: (appender, value) => appender.appendUTinyInt(value as number),
  DOUBLE: (appender, value) => appender.appendDouble(value as number),
  VARCHAR: (appender, value) => appender.appendVarchar(value as string),
};

/** Appends rows to one table inside the connection's current transaction. */
export class TableAppender<Definition extends Table> {
  readonly #appender: DuckDBAppender;
  readonly #columns: [keyof Definition['columns'], Append][];
  #isEmpty = true;

  static async open<Definition extends Table>(
    connection: DuckDBConnection,
    table: Definition,
  ): Promise<TableAppender<Definition>> {
    return new TableAppender(await connection.createAppender(table.name), table);
  }

  private constructor(appender: DuckDBAppender, table: Definition) {
    this.#appender = appender;
    this.#columns = Object.entries(table.columns).map(([property, type]) => [property, APPEND[type]]);
  }

  add(row: Row<Definition>): void {
    for (const [property, append] of this.#columns) {
      const value = row[property];
      if (value === null) this.#appender.appendNull();
      else append(this.#appender, value);
    }
    this.#appender.endRow();
    this.#isEmpty = false;
  }

  /** Hands everything added to the transaction. */
  flush(): void {
    if (this.#isEmpty) return;
    this.#appender.flushSync();
    this.#isEmpty = true;
  }

  /** Throws away what was not flushed; the appender is of no use afterwards. */
  discard(): void {
    this.#appender.clear();
    this.#appender.closeSync();
  }
}
