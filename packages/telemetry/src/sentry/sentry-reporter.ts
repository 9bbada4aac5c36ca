import { setTimeout as delay } from 'node:timers/promises';
import type { ErrorEvent } from '@sentry/core';
import type { SentrySettings } from '../config/sentry-settings.ts';
import type { LogEntry } from '../logs/json-line.ts';
import type { Sanitiser } from '../privacy/sanitiser.ts';
import { toText } from '../privacy/text.ts';
import { createErrorEvent, type EventOrigin, tellsOfError } from './error-event.ts';
import type { SentryClient } from './sentry-client.ts';

export type EventLoss = 'export_failed' | 'queue_full' | 'rate_limited' | 'refused' | 'stopping';

export interface SentryReporterOptions {
  readonly settings: SentrySettings;
  readonly service: string;
  readonly sanitiser: Sanitiser;
  readonly onSent: () => void;
  readonly onDropped: (count: number, reason: EventLoss, detail: string) => void;
  /** Told when everything is counted. */
  readonly onStopped: () => void;
  /** Told once that nothing can be sent. */
  readonly onUnusable: (error: unknown) => void;
}

/** Until the package is loaded. */
const maximumWaiting = 32;
const windowMs = 60_000;

/** Makes events of errors and sends them to Sentry: a bounded number a minute, each error once. */
export class SentryReporter {
  readonly #options: SentryReporterOptions;
  readonly #origin: EventOrigin;
  readonly #reported = new WeakSet<object>();
  readonly #loading: Promise<void>;
  #waiting: ErrorEvent[] = [];
  #client: SentryClient | undefined;
  #state: 'loading' | 'ready' | 'unusable' | 'stopped' = 'loading';
  #windowStartedAtMs = Number.NEGATIVE_INFINITY;
  #eventsInWindow = 0;
  #underWay = 0;

  constructor(options: SentryReporterOptions) {
    this.#options = options;
    const { release, environment } = options.settings;
    this.#origin = { service: options.service, release, environment };
    this.#loading = this.#load();
  }

  /** Takes a line of level ERROR; never blocks, never throws. */
  capture(entry: LogEntry): void {
    if (this.#state === 'unusable' || !tellsOfError(entry) || this.#isKnown(entry.fields?.error)) return;
    const { onDropped, sanitiser, settings } = this.#options;
    if (this.#state === 'stopped') {
      onDropped(1, 'stopping', 'telemetry has stopped');
    } else if (!this.#isWithinRate()) {
      onDropped(1, 'rate_limited', `more than ${settings.eventsPerMinute} a minute`);
    } else {
      try {
        this.#take(createErrorEvent(entry, { origin: this.#origin, sanitiser }));
      } catch (error) {
        onDropped(1, 'refused', toText(error));
      }
    }
  }

  /** Sends what waits within `timeoutMs`; the rest is dropped and counted. */
  async stop(timeoutMs: number): Promise<void> {
    if (this.#state === 'stopped') return;
    const sent = new AbortController();
    const deadline = delay(timeoutMs, undefined, { signal: sent.signal }).catch(() => {});
    await Promise.race([this.#loading.then(() => this.#client?.flush(timeoutMs)), deadline]);
    sent.abort();
    const lost = this.#waiting.length + this.#underWay;
    if (this.#state !== 'unusable') this.#state = 'stopped';
    this.#waiting = [];
    this.#underWay = 0;
    this.#client?.close();
    if (lost > 0) this.#options.onDropped(lost, 'stopping', 'no time left');
    this.#options.onStopped();
  }

  /** The same error is often logged where it happens and again at the end of the request. */
  #isKnown(error: unknown): boolean {
    if (typeof error !== 'object' || error === null) return false;
    if (this.#reported.has(error)) return true;
    this.#reported.add(error);
    return false;
  }

  #isWithinRate(): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#windowStartedAtMs >= windowMs) {
      this.#windowStartedAtMs = nowMs;
      this.#eventsInWindow = 0;
    }
    return ++this.#eventsInWindow <= this.#options.settings.eventsPerMinute;
  }

  #take(event: ErrorEvent): void {
    if (this.#client !== undefined) this.#send(this.#client, event);
    else if (this.#waiting.length < maximumWaiting) this.#waiting.push(event);
    else this.#options.onDropped(1, 'queue_full', `${maximumWaiting} events wait`);
  }

  async #load(): Promise<void> {
    try {
      // Loaded only where there is a DSN: with it comes undici, whose 110 modules take 7 MB.
      const { loadSentry } = await import('./sentry-client.ts');
      const client = await loadSentry(this.#options.settings.dsn);
      if (this.#state === 'stopped') {
        client.close();
        return;
      }
      this.#client = client;
      this.#state = 'ready';
      for (const event of this.#waiting.splice(0)) this.#send(client, event);
    } catch (error) {
      this.#state = 'unusable';
      this.#waiting = [];
      this.#options.onUnusable(error);
    }
  }

  async #send(client: SentryClient, event: ErrorEvent): Promise<void> {
    this.#underWay++;
    const outcome = await client.send(event);
    // `stop` has counted what was under way.
    if (this.#state === 'stopped') return;
    this.#underWay--;
    if (outcome.loss === undefined) this.#options.onSent();
    else this.#options.onDropped(1, outcome.loss, outcome.detail);
  }
}
