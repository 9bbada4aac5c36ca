import { setTimeout as delay } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Registries } from './registries.ts';
import type { SerialQueue } from './serial-queue.ts';
import type { StoreSettings } from './settings.ts';
import { execute, SqlParameters } from './sql.ts';

const DAY_MS = 86_400_000;
const NANO_PER_MS = 1_000_000n;
/** Commits come first: between two bites they have the tables for themselves. */
const PAUSE_MS = 20;

type Counted = 'spans' | 'logs' | 'samples';

interface Rule {
  table: string;
  column: string;
  /** Rows below are expired. */
  before: bigint;
  counted?: Counted;
}

interface RetentionOptions {
  connection: DuckDBConnection;
  queue: SerialQueue;
  registries: Registries;
  settings: StoreSettings;
  onExpired: (signal: Counted, rows: number) => void;
  isStopping: () => boolean;
}

/**
 * Deletes what is older than its signal's retention, a bite at a time so that commits wait for one bite at most.
 * Disk space returns with the checkpoints that follow.
 */
export async function deleteExpired(options: RetentionOptions): Promise<void> {
  const nowUnixMs = Date.now();
  for (const rule of rulesAt(nowUnixMs, options.settings)) {
    await deleteByRule(rule, options);
  }
  options.registries.services.forgetBefore(expiredBefore(nowUnixMs, longestDays(options.settings)));
}

function rulesAt(nowUnixMs: number, { retention }: StoreSettings): Rule[] {
  const spans = nanoBefore(nowUnixMs, retention.tracesDays);
  const samples = BigInt(expiredBefore(nowUnixMs, retention.metricsDays));
  return [
    { table: 'spans', column: 'start_nano', before: spans, counted: 'spans' },
    { table: 'trace_index', column: 'last_start_nano', before: spans },
    {
      table: 'logs',
      column: 'time_nano',
      before: nanoBefore(nowUnixMs, retention.logsDays),
      counted: 'logs',
    },
    { table: 'samples', column: 'time_ms', before: samples, counted: 'samples' },
    {
      table: 'services',
      column: 'last_seen_ms',
      before: BigInt(expiredBefore(nowUnixMs, longestDays({ retention }))),
    },
  ];
}

async function deleteByRule(rule: Rule, options: RetentionOptions): Promise<void> {
  const { queue, settings } = options;
  for (;;) {
    const deleted = await queue.run(() => deleteBite(rule, options));
    if (rule.counted !== undefined && deleted > 0) options.onExpired(rule.counted, deleted);
    if (deleted < settings.retentionBiteRows || options.isStopping()) return;
    await delay(PAUSE_MS);
  }
}

function deleteBite(rule: Rule, { connection, settings }: RetentionOptions): Promise<number> {
  const parameters = new SqlParameters();
  const sql = `
    DELETE FROM ${rule.table} WHERE rowid IN (
      SELECT rowid FROM ${rule.table} WHERE ${rule.column} < ${parameters.integer(rule.before)}
      LIMIT ${settings.retentionBiteRows})`;
  return execute(connection, { sql, parameters });
}

/** The instant, in Unix milliseconds, before which what is kept for a number of days is expired. */
export function expiredBefore(nowUnixMs: number, days: number): number {
  return Math.floor(nowUnixMs - days * DAY_MS);
}

function nanoBefore(nowUnixMs: number, days: number): bigint {
  return BigInt(expiredBefore(nowUnixMs, days)) * NANO_PER_MS;
}

function longestDays({ retention }: Pick<StoreSettings, 'retention'>): number {
  return Math.max(retention.tracesDays, retention.logsDays, retention.metricsDays);
}
