import { AsyncResource } from 'node:async_hooks';
import type { UsageRecord } from '@ibex/api/usage';
import type { Telemetry } from '@ibex/telemetry';
import { LRUCache } from 'lru-cache';
import type { LimitSubject } from '../limits/subjects.ts';
import type { NowOrLater } from '../now-or-later.ts';
import { createThrottle } from '../throttle.ts';
import type { UsageClient } from './usage-client.ts';
import type { UsageListener } from './usage-ledger.ts';

const maximumSubjects = 10_000;
/** What other gateways recorded is looked up again after this long. */
const refreshAfterMs = 10_000;
const retryAfterMs = 1_000;
const noticeEveryMs = 60_000;

/** Tokens and micro-dollars. */
interface Amount {
  tokens: number;
  costMicros: number;
}

interface Entry {
  readonly subject: LimitSubject;
  /** `2026-11` */
  month: string;
  /** In the ledger, when it was read. */
  ledger: Amount;
  /** Recorded by this gateway since then. */
  recorded: Amount;
  /** Of calls that have ended and are not in the ledger yet. */
  unrecorded: Amount;
  readAgainAt: number;
}

/** A budget that is spent. */
export interface SpentBudget {
  readonly subject: LimitSubject;
  readonly what: 'tokens' | 'cost';
  /** Tokens or micro-dollars. */
  readonly spent: number;
  readonly budget: number;
}

export interface BudgetsOptions {
  readonly client: Pick<UsageClient, 'readTotals'>;
  readonly telemetry: Telemetry;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

function nothing(): Amount {
  return { tokens: 0, costMicros: 0 };
}

function add(amount: Amount, record: UsageRecord, sign: 1 | -1 = 1): void {
  const tokens = Number(record.inputTokens ?? 0) + Number(record.outputTokens ?? 0);
  amount.tokens = Math.max(0, amount.tokens + sign * tokens);
  amount.costMicros = Math.max(0, amount.costMicros + sign * Number(record.costUsdMicros ?? 0));
}

function hasBudget(subject: LimitSubject): boolean {
  return subject.monthlyTokenBudget > 0 || subject.monthlyCostBudgetMicros > 0;
}

function keysOf({ orgId = '', tokenId = '', agentId = '' }: UsageRecord): readonly string[] {
  return [
    `${orgId}\norganisation\n${orgId}`,
    `${orgId}\ntoken\n${tokenId}`,
    ...(agentId === '' ? [] : [`${orgId}\nagent\n${agentId}`]),
  ];
}

/** The month of an instant, in UTC. */
export function monthOf(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 7);
}

/**
 * Holds monthly budgets against what was spent: the totals of the ledger, read at first sight and every ten seconds of use,
 * and what this gateway has used since.
 */
export class Budgets implements UsageListener {
  readonly #client: BudgetsOptions['client'];
  readonly #now: () => number;
  /** Reading again is no part of the request that happened to need it. */
  readonly #outside = new AsyncResource('Budgets');
  readonly #entries = new LRUCache<string, Entry>({ max: maximumSubjects });
  readonly #reading = new Map<string, Promise<void>>();
  readonly #fail: (error: unknown) => void;

  constructor({ client, telemetry, now = Date.now }: BudgetsOptions) {
    this.#client = client;
    this.#now = now;
    const failures = telemetry.metrics.counter('ibex_proxy_budget_reads_failed_total').bind({});
    const report = createThrottle(noticeEveryMs, (error: unknown, suppressed) => {
      const fields = { dependency: 'auth', count: suppressed + 1, error };
      telemetry.logger.warn('budgets fail open: the ledger cannot be read', fields);
    });
    this.#fail = (error) => {
      failures.increment();
      report(error);
    };
  }

  /** The first budget of the subjects that is spent. Where the ledger cannot be read, only what is known here counts. */
  findSpent(subjects: readonly LimitSubject[]): NowOrLater<SpentBudget | undefined> {
    return subjects.some(hasBudget) ? this.#findSpent(subjects.filter(hasBudget)) : undefined;
  }

  async #findSpent(subjects: readonly LimitSubject[]): Promise<SpentBudget | undefined> {
    for (const subject of subjects) {
      const entry = this.#entryOf(subject);
      if (entry.readAgainAt === 0) await this.#read(entry);
      else if (this.#now() >= entry.readAgainAt) {
        void this.#outside.runInAsyncScope(() => this.#read(entry));
      }
      const spent = spentOf(entry, subject);
      if (spent !== undefined) return spent;
    }
    return undefined;
  }

  readonly onEnded = (record: UsageRecord): void => {
    for (const entry of this.#entriesOf(record)) add(entry.unrecorded, record);
  };

  readonly onRecorded = (records: readonly UsageRecord[]): void => {
    if (this.#entries.size === 0) return;
    for (const record of records) {
      for (const entry of this.#entriesOf(record)) {
        add(entry.unrecorded, record, -1);
        add(entry.recorded, record);
      }
    }
  };

  *#entriesOf(record: UsageRecord): Iterable<Entry> {
    if (this.#entries.size === 0) return;
    const month = monthOf(Number(record.endedAtUnixMs));
    for (const key of keysOf(record)) {
      const entry = this.#entries.get(key);
      if (entry !== undefined && entry.month === month) yield entry;
    }
  }

  #entryOf(subject: LimitSubject): Entry {
    const key = `${subject.orgId}\n${subject.kind}\n${subject.id}`;
    const month = monthOf(this.#now());
    const known = this.#entries.get(key);
    if (known !== undefined && known.month === month) return known;
    const amounts = { ledger: nothing(), recorded: nothing(), unrecorded: nothing() };
    const entry = { subject, month, ...amounts, readAgainAt: 0 };
    this.#entries.set(key, entry);
    return entry;
  }

  /** Reads the total; whoever asks meanwhile waits for the same answer. */
  #read(entry: Entry): Promise<void> {
    const { key } = entry.subject;
    const running = this.#reading.get(key);
    if (running !== undefined) return running;
    const reading = this.#readTotal(entry).finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }

  async #readTotal(entry: Entry): Promise<void> {
    const { orgId, kind, id } = entry.subject;
    const before = { ...entry.recorded };
    try {
      const atUnixMs = this.#now();
      const [total] = await this.#client.readTotals({ orgId, atUnixMs, subjects: [{ kind, id }] });
      entry.ledger = {
        tokens: Number(total?.tokens ?? 0),
        costMicros: Number(total?.costUsdMicros ?? 0),
      };
      // What was recorded while the answer was on its way may be in it or not: rather twice, until the next reading.
      entry.recorded.tokens -= before.tokens;
      entry.recorded.costMicros -= before.costMicros;
      entry.readAgainAt = this.#now() + refreshAfterMs;
    } catch (error) {
      entry.readAgainAt = this.#now() + retryAfterMs;
      this.#fail(error);
    }
  }
}

function spentOf(entry: Entry, subject: LimitSubject): SpentBudget | undefined {
  const { ledger, recorded, unrecorded } = entry;
  const { monthlyTokenBudget, monthlyCostBudgetMicros } = subject;
  const tokens = ledger.tokens + recorded.tokens + unrecorded.tokens;
  if (monthlyTokenBudget > 0 && tokens >= monthlyTokenBudget) {
    return { subject, what: 'tokens', spent: tokens, budget: monthlyTokenBudget };
  }
  const cost = ledger.costMicros + recorded.costMicros + unrecorded.costMicros;
  if (monthlyCostBudgetMicros > 0 && cost >= monthlyCostBudgetMicros) {
    return { subject, what: 'cost', spent: cost, budget: monthlyCostBudgetMicros };
  }
  return undefined;
}
