import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** Every file below a directory, with its bytes as text. */
export function readFiles(directory: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(directory.length + 1), readFileSync(path, 'latin1'));
  }
  return files;
}

/** All pages of a list, as text. */
export async function readPages(
  url: string,
  { headers, pages }: { headers: Readonly<Record<string, string>>; pages: number },
): Promise<string> {
  const texts: string[] = [];
  let cursor = '';
  for (let page = 0; page < pages; page++) {
    const separator = url.includes('?') ? '&' : '?';
    const response = await fetch(
      `${url}${cursor === '' ? '' : `${separator}cursor=${encodeURIComponent(cursor)}`}`,
      { headers },
    );
    const text = await response.text();
    if (!response.ok) throw new Error(`GET ${url}: ${response.status} ${text}`);
    texts.push(text);
    const { nextCursor } = JSON.parse(text) as { nextCursor?: string | null };
    if (nextCursor === null || nextCursor === undefined) break;
    cursor = nextCursor;
  }
  return texts.join('\n');
}

/** Every row of every table of a DuckDB file: its pages are compressed, so that searching the file is not enough. */
export async function dumpDuckDb(file: string): Promise<Map<string, string>> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const tables = new Map<string, string>();
  try {
    const names = await connection.runAndReadAll('select table_name from information_schema.tables');
    for (const [name] of names.getRows()) {
      const rows = await connection.runAndReadAll(`select * from "${String(name)}"`);
      const asText = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
      tables.set(String(name), JSON.stringify(rows.getRowsJson(), asText));
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return tables;
}
