import type { Queryable, Statement } from './database/database.ts';

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

/** How a list of what belongs to an organisation is read. */
export interface OrganisationList<Row, Item> {
  readonly operation: Statement['operation'];
  readonly columns: string;
  /** Where the rows are; the table with `org_id` and `sequence` goes by the name `t`. */
  readonly from: string;
  readonly map: (row: Row) => Item;
}

/** One part of what an organisation has, newest first. */
export async function listOfOrganisation<Row extends { readonly sequence: string }, Item>(
  database: Queryable,
  {
    list: { operation, columns, from, map },
    orgId,
    page,
  }: { list: OrganisationList<Row, Item>; orgId: string; page: PageRequest },
): Promise<Page<Item>> {
  const rows = await database.query<Row>({
    operation,
    text: `select ${columns} from ${from}
      where t.org_id = $1 and ($2::bigint is null or t.sequence < $2::bigint)
      order by t.sequence desc limit $3`,
    values: [orgId, page.before ?? null, page.limit + 1],
  });
  return pageOf(rows, { limit: page.limit, map });
}
