import type { ColumnType, Table } from './schema.ts';

type ColumnValues<Type extends ColumnType> = Type extends 'BIGINT'
  ? BigInt64Array
  : Type extends 'UBIGINT'
    ? BigUint64Array
    : Type extends 'DOUBLE'
      ? Float64Array
      : Type extends 'VARCHAR'
        ? string[]
        : (number | null)[];

/** The rows of one table, column by column: cheap to send to the worker and to append there. */
export type TableColumns<Definition extends Table> = {
  -readonly [Property in keyof Definition['columns']]: ColumnValues<Definition['columns'][Property]>;
};

/** What a signal's rows are before the worker gives them their place. */
export type Unplaced<Columns> = Omit<Columns, 'sequence'>;

/** One row of columns, by property. */
export type RowOf<Columns> = {
  [Property in keyof Columns]: Columns[Property] extends ArrayLike<infer Value> ? Value : never;
};

/** The row at an index that lies inside the columns. */
export function rowAt<Columns extends Record<keyof Columns, ArrayLike<unknown>>>(
  columns: Columns,
  index: number,
): RowOf<Columns> {
  const entries = Object.entries<ArrayLike<unknown>>(columns).map(([property, values]) => [
    property,
    values[index],
  ]);
  return Object.fromEntries(entries) as RowOf<Columns>;
}
