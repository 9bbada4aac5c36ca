import type { Reader } from './reader-pool.ts';
import { SqlParameters, type SqlRow } from './sql.ts';

/** Wide rows fetched by one statement: bounds what is in memory at once. */
const SLICE_ROWS = 256;

interface SliceOptions {
  reader: Reader;
  /** Selects `sequence` as its first column and has no condition yet. */
  sql: string;
  /** Of the wanted rows, in the wanted order. */
  sequences: readonly bigint[];
  /** Once this much text was read, the rest is left out. */
  maxCharacters: number;
  /** Where that text is. */
  textColumns: readonly number[];
}

/** Reads wide rows by their sequence, in the order given, until the bound on text is met; at least one slice. */
export async function rowsInSlices(options: SliceOptions): Promise<SqlRow[]> {
  const rows: SqlRow[] = [];
  let characters = 0;
  for (let from = 0; from < options.sequences.length; from += SLICE_ROWS) {
    const slice = await readSlice(options, options.sequences.slice(from, from + SLICE_ROWS));
    for (const row of slice) {
      for (const column of options.textColumns) characters += row.text(column).length;
      if (characters > options.maxCharacters && rows.length > 0) return rows;
      rows.push(row);
    }
  }
  return rows;
}

/** The range lets whole stretches of the file be skipped; the list picks the rows. */
async function readSlice({ reader, sql }: SliceOptions, sequences: readonly bigint[]): Promise<SqlRow[]> {
  const parameters = new SqlParameters();
  const { first, last } = extentOf(sequences);
  const where = `sequence BETWEEN ${parameters.integer(first)} AND ${parameters.integer(last)}
    AND sequence IN (SELECT unnest(${parameters.integerList(sequences)}))`;
  const found = await reader.rows({ sql: `${sql} WHERE ${where}`, parameters });
  const bySequence = new Map(found.map((row) => [row.bigint(0), row]));
  return sequences.flatMap((sequence) => bySequence.get(sequence) ?? []);
}

function extentOf(sequences: readonly bigint[]): { first: bigint; last: bigint } {
  let first = sequences[0] ?? 0n;
  let last = first;
  for (const sequence of sequences) {
    if (sequence < first) first = sequence;
    if (sequence > last) last = sequence;
  }
  return { first, last };
}
