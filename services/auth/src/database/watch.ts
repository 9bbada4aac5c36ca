import type { Telemetry } from '@ibex/telemetry';
import type { Database } from './database.ts';

const intervalMs = 5000;

/** Asks the database every few seconds whether it answers, and tells the log and `onChange` when that changes. */
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
      await this.#database.ping();
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
