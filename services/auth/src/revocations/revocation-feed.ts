import type { Telemetry } from '@ibex/telemetry';
import type { Database, Listener } from '../database/database.ts';
import { newsSince, type Position, type RevocationNews } from './cursor.ts';
import { readRevocations, revocationChannel } from './revocation-repository.ts';

/** Told also when nothing happened, so that silence means that something is broken. */
const intervalMs = 200;

/** Somebody who is told. */
export interface RevocationReader {
  tell(news: RevocationNews): void;
  /** The feed stops: nothing more comes. */
  end(): void;
}

interface Watcher {
  position: Position | undefined;
  readonly reader: RevocationReader;
}

/** Most callers told at the same time. */
const maximumWatchers = 1000;

/**
 * Tells its watchers which verdicts hold no longer, as soon as any instance on the same database says so. Notifications
 * of the database only wake it: what is told is read from a table, in order and without gaps.
 */
export class RevocationFeed {
  readonly #database: Database;
  readonly #telemetry: Telemetry;
  readonly #watchers = new Set<Watcher>();
  #listener: Listener | undefined;
  #running: Promise<void> | undefined;
  #wake: () => void = () => undefined;
  #woken = false;
  #failing = false;
  #stopped = false;

  constructor(options: { database: Database; telemetry: Telemetry }) {
    this.#database = options.database;
    this.#telemetry = options.telemetry;
  }

  /**
   * Tells everything since the position, now and from now on, several times a second.
   *
   * @returns Ends it; undefined when too many are being told.
   */
  watch(position: Position | undefined, reader: RevocationReader): (() => void) | undefined {
    if (this.#stopped || this.#watchers.size >= maximumWatchers) return undefined;
    const watcher: Watcher = { position, reader };
    this.#watchers.add(watcher);
    this.#count();
    this.#running ??= this.#run();
    this.#rouse();
    return () => {
      this.#watchers.delete(watcher);
      this.#count();
      if (this.#watchers.size === 0) this.#rouse();
    };
  }

  /** What happened since the position, once. */
  async since(position: Position | undefined): Promise<RevocationNews> {
    return newsSince(position, await readRevocations(this.#database, position?.sequence ?? 0));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { reader } of this.#watchers) reader.end();
    this.#watchers.clear();
    this.#rouse();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#watchers.size > 0) {
      await this.#look();
      await this.#pause();
      // Somebody may come while it lets go: the loop's condition decides.
      if (this.#watchers.size === 0) await this.#dropListener();
    }
    this.#running = undefined;
  }

  async #look(): Promise<void> {
    try {
      this.#listener ??= await this.#database.listen(revocationChannel, () => this.#rouse());
      await this.#tellNews(this.#listener);
      this.#becomes(false);
    } catch (error) {
      await this.#dropListener();
      this.#becomes(true, error);
    }
  }

  async #tellNews(listener: Listener): Promise<void> {
    // Who comes while the query runs may stand before what it asks for, and is looked after in the next round.
    const present = [...this.#watchers];
    const sequences = present.map(({ position }) => position?.sequence ?? Number.MAX_SAFE_INTEGER);
    const snapshot = await readRevocations(listener, Math.min(...sequences));
    for (const watcher of present) {
      if (!this.#watchers.has(watcher)) continue;
      const news = newsSince(watcher.position, snapshot);
      watcher.position = news.position;
      watcher.reader.tell(news);
    }
  }

  #rouse(): void {
    this.#woken = true;
    this.#wake();
  }

  /** Until somebody rouses it, or for one interval. */
  async #pause(): Promise<void> {
    if (!this.#woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, intervalMs).unref();
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#woken = false;
  }

  async #dropListener(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    await listener?.close().catch(() => undefined);
  }

  #becomes(failing: boolean, error?: unknown): void {
    if (failing === this.#failing) return;
    this.#failing = failing;
    const { logger } = this.#telemetry;
    if (failing)
      logger.warn('revocations cannot be told: callers fall back to the revocation budget', { error });
    else logger.info('revocations are told again');
  }

  #count(): void {
    this.#telemetry.metrics.gauge('ibex_auth_revocation_watchers').set({}, this.#watchers.size);
  }
}
