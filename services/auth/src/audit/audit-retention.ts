import type { Telemetry } from '@ibex/telemetry';
import { type Database, patientTimeoutMs } from '../database/database.ts';

const intervalMs = 3_600_000;
/** Deleted at a time, so that no statement holds its locks for long. */
const batchSize = 5000;
const maximumBatches = 1000;
/** A caller that was away for longer forgets everything. */
const revocationHours = 24;

/** The ledger is kept as long as the audit log: both tell who did what, for accounts. */
async function deleteOldUsage(database: Database, days: number): Promise<void> {
  for (let batch = 0; batch < maximumBatches; batch += 1) {
    const deleted = await database.query<{ record_id: string }>({
      operation: 'retention',
      timeoutMs: patientTimeoutMs,
      text: `delete from usage_ledger where record_id in (
          select record_id from usage_ledger where ended_at < now() - make_interval(days => $1::integer) limit ${batchSize}
        ) returning record_id`,
      values: [days],
    });
    if (deleted.length < batchSize) return;
  }
}

async function deleteOld(database: Database, auditDays: number): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < maximumBatches; batch += 1) {
    const deleted = await database.query<{ sequence: string }>({
      operation: 'retention',
      timeoutMs: patientTimeoutMs,
      text: `delete from audit_log where sequence in (
          select sequence from audit_log where created_at < now() - make_interval(days => $1::integer) limit ${batchSize}
        ) returning sequence::text as sequence`,
      values: [auditDays],
    });
    total += deleted.length;
    if (deleted.length < batchSize) break;
  }
  await database.query({
    operation: 'retention',
    timeoutMs: patientTimeoutMs,
    text: `delete from revocations where created_at < now() - interval '${revocationHours} hours'`,
  });
  return total;
}

/**
 * Every hour deletes audit entries that are older than the contract keeps them, records of usage that are
 * as old, and revocations everybody knows of.
 */
export class AuditRetention {
  readonly #database: Database;
  readonly #telemetry: Telemetry;
  readonly #timer: NodeJS.Timeout;

  constructor(options: { database: Database; telemetry: Telemetry }) {
    this.#database = options.database;
    this.#telemetry = options.telemetry;
    this.#timer = setInterval(() => void this.run(), intervalMs).unref();
  }

  /** Deletes what is due. A failure is logged and the next hour tries again. */
  async run(): Promise<void> {
    const { logger, contract } = this.#telemetry;
    try {
      const count = await deleteOld(this.#database, contract.retention.auditDays);
      await deleteOldUsage(this.#database, contract.retention.auditDays);
      if (count > 0) logger.info('old audit entries deleted', { count });
    } catch (error) {
      logger.warn('old audit entries could not be deleted', { error });
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
