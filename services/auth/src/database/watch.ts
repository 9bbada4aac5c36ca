import type { Telemetry } from '@ibex/telemetry';
import { type Database, DatabaseError } from './database.ts';

const intervalMs = 5000;
/** A database that takes longer for nothing is of no use to those who wait for a verdict. */
const answerTimeoutMs = 2000;

async function answersInTime(database: Database): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const message = `The database took more than ${answerTimeoutMs} ms to answer.`;
    late.reject(new DatabaseError(message, { unavailable: true }));
  }, answerTimeoutMs);
  try {
    await Promise.race([database.ping(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks the database every few seconds whether it answers in time, and tells the log and `onChange` when that changes. */
export class DatabaseWatch {
  readonly #database: Database;
  readonly #telemetry: Telemetry;
  readonly #onChange: (reachable: boolean) => void;
  readonly #timer: NodeJS.Timeout;
  #reachable = true;

  constructor(options: {
    database: Database;
    telemetry: Telemetry;
    onChange: (reachable: boolean) => void;
    intervalMs?: number;
  }) {
    this.#database = options.database;
    this.#telemetry = options.telemetry;
    this.#onChange = options.onChange;
    this.#timer = setInterval(() => void this.#look(), options.intervalMs ?? intervalMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    try {
      await answersInTime(this.#database);
      this.#becomes(true);
    } catch (error) {
      this.#becomes(false, error);
    }
  }

  #becomes(reachable: boolean, error?: unknown): void {
    if (reachable === this.#reachable) return;
    this.#reachable = reachable;
    const { logger } = this.#telemetry;
    if (reachable) logger.info('the database answers again', { dependency: 'database', state: 'ready' });
    else logger.error('the database does not answer', { dependency: 'database', state: 'not_ready', error });
    this.#onChange(reachable);
  }
}
