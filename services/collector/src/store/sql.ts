import {
  BIGINT,
  DOUBLE,
  type DuckDBConnection,
  type DuckDBListValue,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  UBIGINT,
  UINTEGER,
  VARCHAR,
} from '@duckdb/node-api';

/** The bound values of one statement. Statement text is only ever constant text and the placeholders made here. */
export class SqlParameters {
  readonly values: DuckDBValue[] = [];
  readonly types: DuckDBType[] = [];

  /** @returns the placeholder that stands for the value. */
  text(value: string): string {
    return this.#add(value, VARCHAR);
  }

  integer(value: bigint | number): string {
    return this.#add(BigInt(value), BIGINT);
  }

  unsigned(value: bigint): string {
    return this.#add(value, UBIGINT);
  }

  double(value: number): string {
    return this.#add(value, DOUBLE);
  }

  integerList(values: readonly bigint[]): string {
    return this.#add(listValue(values), LIST(BIGINT));
  }

  textList(values: readonly string[]): string {
    return this.#add(listValue(values), LIST(VARCHAR));
  }

  unsignedList(values: readonly bigint[]): string {
    return this.#add(listValue(values), LIST(UBIGINT));
  }

  seriesIds(values: readonly number[]): string {
    return this.#add(listValue(values), LIST(UINTEGER));
  }

  #add(value: DuckDBValue | DuckDBListValue, type: DuckDBType): string {
    this.values.push(value);
    this.types.push(type);
    return `$${this.values.length}`;
  }
}

/** One row of a result, read by column. A wrong type is a defect of the statement, so it throws. */
export class SqlRow {
  readonly #values: readonly DuckDBValue[];

  constructor(values: readonly DuckDBValue[]) {
    this.#values = values;
  }

  text(column: number): string {
    const value = this.#values[column];
    if (typeof value !== 'string') throw new TypeError(`Column ${column} is ${typeof value}, not text`);
    return value;
  }

  bigint(column: number): bigint {
    const value = this.#values[column];
    if (typeof value === 'bigint') return value;
    if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
    throw new TypeError(`Column ${column} is ${typeof value}, not an integer`);
  }

  number(column: number): number {
    const value = this.#values[column];
    if (typeof value === 'number') return value;
    if (typeof value === 'bigint') return Number(value);
    throw new TypeError(`Column ${column} is ${typeof value}, not a number`);
  }

  isNull(column: number): boolean {
    return this.#values[column] === null;
  }
}

export interface Statement {
  sql: string;
  parameters?: SqlParameters;
}

/** Runs a statement and reads its whole result. */
export async function queryRows(
  connection: DuckDBConnection,
  { sql, parameters }: Statement,
): Promise<SqlRow[]> {
  const reader = await connection.runAndReadAll(sql, parameters?.values, parameters?.types);
  return reader.getRows().map((values) => new SqlRow(values));
}

/** Runs a statement that changes rows. @returns how many it changed. */
export async function execute(connection: DuckDBConnection, { sql, parameters }: Statement): Promise<number> {
  const result = await connection.run(sql, parameters?.values, parameters?.types);
  return result.rowsChanged;
}
