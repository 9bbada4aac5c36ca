/** Which part of a list is wanted, newest first. */
export interface PageRequest {
  readonly limit: number;
  /** Only entries older than this one's sequence number; absent for the first page. */
  readonly before?: string | undefined;
}

/** One part of a list. `nextCursor` asks for the part after it; null at the end. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** Makes a page of rows that were fetched with one more than the limit, to see whether there are more. */
export function pageOf<Row extends { readonly sequence: string }, Item>(
  rows: readonly Row[],
  { limit, map }: { limit: number; map: (row: Row) => Item },
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(map),
    nextCursor: rows.length > limit && last !== undefined ? last.sequence : null,
  };
}
