import type { DuckDBConnection } from '@duckdb/node-api';
import { logTable, sampleTable, seriesTable, spanTable, type Table, traceTable } from './schema.ts';
import { TableAppender } from './table-appender.ts';

/** The tables that grow with every commit, each with an appender that lives as long as nothing fails. */
export interface Appenders {
  spans: TableAppender<typeof spanTable>;
  traces: TableAppender<typeof traceTable>;
  logs: TableAppender<typeof logTable>;
  series: TableAppender<typeof seriesTable>;
  samples: TableAppender<typeof sampleTable>;
}

export async function openAppenders(connection: DuckDBConnection): Promise<Appenders> {
  return {
    spans: await TableAppender.open(connection, spanTable),
    traces: await TableAppender.open(connection, traceTable),
    logs: await TableAppender.open(connection, logTable),
    series: await TableAppender.open(connection, seriesTable),
    samples: await TableAppender.open(connection, sampleTable),
  };
}

/** Hands the rows of all tables to the transaction. */
export function flushAppenders(appenders: Appenders): void {
  for (const appender of allOf(appenders)) appender.flush();
}

/** Throws away what was not flushed. */
export function discardAppenders(appenders: Appenders): void {
  for (const appender of allOf(appenders)) appender.discard();
}

function allOf(appenders: Appenders): TableAppender<Table>[] {
  return Object.values(appenders);
}
