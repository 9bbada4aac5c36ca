import { AsyncResource } from 'node:async_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { maximumUsageRecords, type UsageRecord } from '@ibex/api/usage';
import type { Telemetry } from '@ibex/telemetry';
import { createLossReport, type LossReport } from '@ibex/telemetry/export';
import { createThrottle } from '../throttle.ts';
import type { UsageClient } from './usage-client.ts';

/** Records gather for this long before they are sent together. */
const gatherMs = 250;
const firstRetryMs = 250;
const longestRetryMs = 5_000;
/** What breaks the ledger this often is given up, so that it does not hold up all that follows. */
const maximumBreaks = 10;
const noticeEveryMs = 60_000;

/** Why records are lost, with what the log says of it. */
const dropReasons = {
  queue_full: 'too many wait for auth',
  refused: 'auth will never take them',
  stopping: 'auth did not take them in time',
} as const;

type DropReason = keyof typeof dropReasons;

/** Hears of records on their way. */
export interface UsageListener {
  /** A call has ended; its record is not in the ledger yet. */
  readonly onEnded: (record: UsageRecord) => void;
  /** They are in the ledger. */
  readonly onRecorded: (records: readonly UsageRecord[]) => void;
}

export interface UsageLedgerOptions {
  readonly client: Pick<UsageClient, 'record'>;
  readonly telemetry: Telemetry;
  /** Most records that wait; further ones are dropped and counted. */
  readonly maximumWaiting: number;
  readonly listener?: UsageListener;
}

/** Codes by which the ledger says that the same records will never be taken. */
const refusals: readonly unknown[] = [
  status.INVALID_ARGUMENT,
  status.UNIMPLEMENTED,
  status.PERMISSION_DENIED,
];

function isRefusal(error: unknown, attempt: number): boolean {
  if (!(error instanceof Error && 'code' in error)) return false;
  return refusals.includes(error.code) || (error.code === status.INTERNAL && attempt >= maximumBreaks);
}

/**
 * The way of usage records to the ledger: a bounded queue, written in batches, tried again until they are acknowledged. What
 * is lost is counted by reason and warned of.
 */
export class UsageLedger {
  readonly #options: UsageLedgerOptions;
  /** What goes on in no request's scope: its lines are not those of the call that happened to begin it. */
  readonly #outside = new AsyncResource('UsageLedger');
  readonly #waiting: UsageRecord[] = [];
  readonly #recorded: { increment(by?: number): void };
  readonly #reportTrouble: (error: unknown) => void;
  readonly #losses: LossReport;
  /** Ends the present pause between two attempts. */
  #pause = new AbortController();
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(options: UsageLedgerOptions) {
    this.#options = options;
    const { metrics, logger } = options.telemetry;
    this.#recorded = metrics.counter('ibex_proxy_usage_records_total').bind({});
    metrics.onCollect(() => metrics.gauge('ibex_proxy_usage_records_waiting').set({}, this.#waiting.length));
    this.#reportTrouble = createThrottle(noticeEveryMs, (error, suppressed) => {
      const fields = { dependency: 'auth', count: suppressed + 1, error };
      logger.warn('usage cannot be recorded now: it waits', fields);
    });
    this.#losses = createLossReport(logger, {
      message: 'usage records were lost',
      signal: 'usage',
      level: 'error',
    });
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Takes a record; it neither waits nor throws. */
  add(record: UsageRecord): void {
    this.#options.listener?.onEnded(record);
    if (this.#waiting.length >= this.#options.maximumWaiting) {
      this.#drop('queue_full', 1);
      return;
    }
    this.#waiting.push(record);
    this.#arm();
  }

  /** Writes what waits now; resolves when it is in the ledger, or when the time is over. */
  async flush(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    this.#pause.abort();
    while (this.#waiting.length > 0 && performance.now() < deadline) {
      // It keeps the process alive: one that stops has nothing else to do.
      const over = new AbortController();
      const remainingMs = Math.max(1, deadline - performance.now());
      await Promise.race([
        this.#write(),
        wait(remainingMs, undefined, { signal: over.signal }).catch(() => undefined),
      ]);
      over.abort();
    }
  }

  /** Writes what waits, for at most this long; the rest is lost. */
  async stop(timeoutMs: number): Promise<void> {
    await this.flush(timeoutMs);
    this.#stopped = true;
    this.#pause.abort();
    clearTimeout(this.#timer);
    this.#drop('stopping', this.#waiting.splice(0).length);
    this.#losses.flush();
  }

  #write(): Promise<void> {
    this.#writing ??= this.#outside
      .runInAsyncScope(() => this.#writeAll())
      .finally(() => {
        this.#writing = undefined;
        clearTimeout(this.#timer);
        this.#timer = undefined;
        if (this.#waiting.length > 0 && !this.#stopped) this.#arm();
      });
    return this.#writing;
  }

  #arm(): void {
    this.#timer ??= this.#outside.runInAsyncScope(() =>
      setTimeout(() => void this.#write(), gatherMs).unref(),
    );
  }

  /** Until what waits is less than a batch and may gather. Records stay queued until they are acknowledged or refused. */
  async #writeAll(): Promise<void> {
    let retryMs = firstRetryMs;
    let attempt = 1;
    while (this.#waiting.length > 0 && !this.#stopped) {
      const batch = this.#waiting.slice(0, maximumUsageRecords);
      if (await this.#writeBatch(batch, attempt)) {
        retryMs = firstRetryMs;
        attempt = 1;
        if (this.#waiting.length < maximumUsageRecords) return;
        continue;
      }
      this.#pause = new AbortController();
      await wait(retryMs, undefined, { signal: this.#pause.signal, ref: false }).catch(() => undefined);
      retryMs = Math.min(retryMs * 2, longestRetryMs);
      attempt += 1;
    }
  }

  /** Whether the batch is dealt with. */
  async #writeBatch(batch: readonly UsageRecord[], attempt: number): Promise<boolean> {
    const { client, listener } = this.#options;
    try {
      await client.record(batch);
    } catch (error) {
      this.#reportTrouble(error);
      if (!isRefusal(error, attempt)) return false;
      this.#waiting.splice(0, batch.length);
      this.#drop('refused', batch.length);
      return true;
    }
    this.#waiting.splice(0, batch.length);
    this.#recorded.increment(batch.length);
    listener?.onRecorded(batch);
    return true;
  }

  #drop(reason: DropReason, count: number): void {
    if (count === 0) return;
    this.#options.telemetry.metrics
      .counter('ibex_proxy_usage_records_dropped_total')
      .increment({ reason }, count);
    this.#losses.add(count, reason, dropReasons[reason]);
  }
}
