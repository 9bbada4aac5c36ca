import type { Telemetry } from '@ibex/telemetry';
import type { Queryable } from '../database/database.ts';
import { dropOldest } from '../drop-oldest.ts';
import { recordUses } from './token-repository.ts';

const flushIntervalMs = 1000;
/** Written by one statement: 5 ms of the database. One for 10,000 tokens kept it busy for 150 ms, which others felt. */
const maximumBatch = 250;
/** A token's use is written at most this often. */
const resolutionMs = 60_000;
/** Uses of further tokens are not written until some were; the next use tries again. */
const maximumTokens = 10_000;

/** Remembers when tokens are used and writes it in batches: a verdict itself writes nothing. */
export class UseRecorder {
  readonly #database: Queryable;
  readonly #telemetry: Telemetry;
  readonly #timer: NodeJS.Timeout;
  /** Uses to write, by token. */
  #pending = new Map<string, Date>();
  #flushing: Promise<void> | undefined;
  /** When a use of a token was noted last, Unix milliseconds; the oldest first. */
  readonly #noted = new Map<string, number>();

  constructor(options: { database: Queryable; telemetry: Telemetry }) {
    this.#database = options.database;
    this.#telemetry = options.telemetry;
    this.#timer = setInterval(() => void this.flush(), flushIntervalMs).unref();
  }

  note(tokenId: string, now = Date.now()): void {
    const before = this.#noted.get(tokenId);
    if (before !== undefined && now - before < resolutionMs) return;
    if (this.#pending.size >= maximumTokens) return;
    this.#noted.delete(tokenId);
    this.#noted.set(tokenId, now);
    dropOldest(this.#noted, maximumTokens);
    this.#pending.set(tokenId, new Date(now));
  }

  /** Writes what waits. What cannot be written is lost: the token's next use is noted again. */
  flush(): Promise<void> {
    this.#flushing ??= this.#write().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  async #write(): Promise<void> {
    const uses = [...this.#pending].map(([tokenId, usedAt]) => ({ tokenId, usedAt }));
    this.#pending = new Map();
    for (let start = 0; start < uses.length; start += maximumBatch) {
      const batch = uses.slice(start, start + maximumBatch);
      try {
        await recordUses(this.#database, batch);
      } catch (error) {
        const count = uses.length - start;
        this.#telemetry.logger.warn('could not record when tokens were used', { count, error });
        return;
      }
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#flushing;
    await this.flush();
  }
}
