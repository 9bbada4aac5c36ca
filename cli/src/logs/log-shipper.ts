import { setTimeout as sleep } from 'node:timers/promises';
import { http } from '../http/http.ts';
import { type HttpAnswer, send } from '../http/send.ts';
import { DropLedger } from './drop-ledger.ts';
import { type EncodedRecord, encodeRequest } from './otlp.ts';

export interface LogShipperOptions {
  /** The collector's OTLP/HTTP address, e.g. `http://127.0.0.1:4318`. */
  readonly url: string;
  readonly deploymentEnvironment: string;
  /** Says that lines were lost, in words. */
  readonly onLoss: (text: string) => void;
}

/** Bounds of what waits for the collector, and of one request to it. */
const mostRecords = 20_000;
const mostCharacters = 8 * 1024 * 1024;
const mostRecordsInBatch = 500;
const mostCharactersInBatch = 1024 * 1024;

const gatherMs = 200;
const requestTimeoutMs = 10_000;
const firstRetryMs = 100;
const longestRetryMs = 2_000;
/** However long the collector asks us to wait. */
const longestPauseMs = 10_000;

/** Answers after which OTLP/HTTP says to send again (opentelemetry-proto, `docs/specification.md`). */
const retryableStatuses = new Set([429, 502, 503, 504]);

/**
 * Sends log records to the collector in order, one bounded batch at a time, and keeps each until it is acknowledged.
 * While the collector is away or busy, records wait; when too many do, new ones are dropped, counted and told of.
 */
export class LogShipper {
  #options: LogShipperOptions;
  #losses: DropLedger;
  #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  #waiting: EncodedRecord[] = [];
  #waitingCharacters = 0;
  #isSending = false;
  #isUrgent = new AbortController();
  #onEmpty: (() => void)[] = [];

  constructor(options: LogShipperOptions) {
    this.#options = options;
    this.#losses = new DropLedger(options.onLoss);
  }

  /** Records that are not acknowledged yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Records lost so far, for any reason. */
  get dropped(): number {
    return this.#losses.total;
  }

  add(record: EncodedRecord): void {
    if (
      this.#waiting.length >= mostRecords ||
      this.#waitingCharacters + record.json.length > mostCharacters
    ) {
      this.#losses.count('buffer_full', 1);
      return;
    }
    this.#waiting.push(record);
    this.#waitingCharacters += record.json.length;
    if (!this.#isSending) void this.#sendAll();
  }

  /** Waits, at most so long, until all that was added is acknowledged. True when it is. */
  async drain(options: { timeoutMs: number }): Promise<boolean> {
    this.#isUrgent.abort();
    if (this.#waiting.length === 0) return true;
    const emptied = new Promise<boolean>((resolve) => {
      this.#onEmpty.push(() => resolve(true));
    });
    return Promise.race([emptied, sleep(options.timeoutMs, false, { ref: false })]);
  }

  /** Ends the connection. What is still waiting is counted as lost and told of. */
  close(): void {
    if (this.#waiting.length > 0) this.#losses.count('not_delivered', this.#waiting.length);
    this.#waiting = [];
    this.#waitingCharacters = 0;
    this.#losses.close();
    this.#agent.destroy();
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    let retryMs = firstRetryMs;
    await this.#gather();
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      const answer = await this.#post(batch);
      if (answer === undefined || retryableStatuses.has(answer.status)) {
        await this.#pause(Math.max(retryMs, (answer?.retryAfterSeconds ?? 0) * 1000));
        retryMs = Math.min(retryMs * 2, longestRetryMs);
        continue;
      }
      retryMs = firstRetryMs;
      this.#settle(batch, answer);
      if (this.#waiting.length < mostRecordsInBatch) await this.#gather();
    }
    this.#isSending = false;
    for (const tell of this.#onEmpty.splice(0)) tell();
  }

  /** Lets records gather, so that a request is worth its cost; not while somebody waits for the end. */
  async #gather(): Promise<void> {
    await sleep(gatherMs, undefined, { signal: this.#isUrgent.signal }).catch(() => undefined);
  }

  async #pause(milliseconds: number): Promise<void> {
    const { signal } = this.#isUrgent;
    if (signal.aborted) await sleep(firstRetryMs);
    else await sleep(Math.min(milliseconds, longestPauseMs), undefined, { signal }).catch(() => undefined);
  }

  #nextBatch(): EncodedRecord[] {
    let characters = 0;
    const end = this.#waiting.findIndex((record, index) => {
      characters += record.json.length;
      return index > 0 && (index >= mostRecordsInBatch || characters > mostCharactersInBatch);
    });
    return this.#waiting.slice(0, end === -1 ? undefined : end);
  }

  /** Undefined when the collector gave no answer. */
  async #post(batch: readonly EncodedRecord[]): Promise<HttpAnswer | undefined> {
    try {
      return await send(`${this.#options.url}/v1/logs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: encodeRequest(batch, this.#options),
        agent: this.#agent,
        timeoutMs: requestTimeoutMs,
      });
    } catch {
      return undefined;
    }
  }

  /** The collector has judged the batch: it is done with, and what it refused is lost. */
  #settle(batch: readonly EncodedRecord[], answer: HttpAnswer): void {
    const characters = batch.reduce((sum, record) => sum + record.json.length, 0);
    this.#waiting.splice(0, batch.length);
    this.#waitingCharacters = Math.max(0, this.#waitingCharacters - characters);
    const refused = answer.status === 200 ? rejectedRecords(answer.body) : batch.length;
    if (refused > 0) this.#losses.count('refused', refused);
  }
}

/** `partialSuccess.rejectedLogRecords` of an ExportLogsServiceResponse, which 64-bit JSON may write as a string. */
function rejectedRecords(body: string): number {
  const rejected = /"rejectedLogRecords"\s*:\s*"?(\d{1,9})/.exec(body)?.[1];
  return rejected === undefined ? 0 : Number(rejected);
}
