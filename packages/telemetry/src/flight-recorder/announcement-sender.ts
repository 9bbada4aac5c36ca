import { setTimeout as delay } from 'node:timers/promises';
import { formatAnnouncement } from './announcement-line.ts';
import { Backoff } from './backoff.ts';
import { type HttpBusEndpoint, openRequest } from './http-request.ts';
import type { Announcement } from './keep-bus.ts';
import type { KeepBusObserver } from './keep-bus-observer.ts';

const batchSize = 256;
const maximumWaiting = 4_096;
const intervalMs = 50;
const timeoutMs = 5_000;

/** Collects announcements and posts them in batches, one at a time. Those that cannot be delivered wait, up to a bound. */
export class AnnouncementSender {
  readonly #endpoint: HttpBusEndpoint;
  readonly #observer: KeepBusObserver;
  readonly #backoff = new Backoff();
  readonly #stopping = new AbortController();
  #waiting: Announcement[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;

  constructor(endpoint: HttpBusEndpoint, observer: KeepBusObserver) {
    this.#endpoint = endpoint;
    this.#observer = observer;
  }

  add(announcement: Announcement): void {
    if (this.#stopping.signal.aborted || this.#waiting.length >= maximumWaiting) {
      this.#observer.onDropped(1, this.#stopping.signal.aborted ? 'stopping' : 'queue_full');
      return;
    }
    this.#waiting.push(announcement);
    this.#timer ??= setTimeout(() => this.#start(), intervalMs).unref();
  }

  /** Sends what waits within the time, and drops the rest. */
  async close(closeTimeoutMs: number): Promise<void> {
    if (this.#waiting.length > 0) this.#start();
    await Promise.race([this.#sending, delay(closeTimeoutMs, undefined, { ref: false })]);
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#sending;
    if (this.#waiting.length > 0) this.#observer.onDropped(this.#waiting.length, 'stopping');
    this.#waiting = [];
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#stopping.signal.aborted) {
      const batch = this.#waiting.slice(0, batchSize);
      const outcome = await this.#post(batch);
      if (outcome === 'failed') {
        const options = { ref: false, signal: this.#stopping.signal };
        await delay(this.#backoff.nextMs(), undefined, options).catch(() => {});
        continue;
      }
      this.#backoff.reset();
      this.#waiting.splice(0, batch.length);
      if (outcome === 'sent') this.#observer.onSent(batch.length);
      else this.#observer.onDropped(batch.length, 'send_failed');
    }
  }

  /** `failed` may be tried again; `refused` never helps to repeat. */
  #post(batch: readonly Announcement[]): Promise<'sent' | 'refused' | 'failed'> {
    return new Promise((resolve) => {
      const body = batch.map(formatAnnouncement).join('');
      const headers = { 'content-type': 'application/x-ndjson', 'content-length': Buffer.byteLength(body) };
      const request = openRequest(this.#endpoint, { method: 'POST', headers });
      const abort = () => request.destroy();
      this.#stopping.signal.addEventListener('abort', abort, { once: true });
      request.setTimeout(timeoutMs, abort);
      request.on('response', (response) => {
        response.on('error', () => {}).resume();
        resolve(outcomeOf(response.statusCode ?? 0));
      });
      request.on('error', () => resolve('failed'));
      request.once('close', () => {
        this.#stopping.signal.removeEventListener('abort', abort);
        resolve('failed');
      });
      request.end(body);
    });
  }
}

function outcomeOf(statusCode: number): 'sent' | 'refused' | 'failed' {
  if (statusCode < 300) return 'sent';
  return statusCode >= 500 || statusCode === 429 || statusCode === 408 ? 'failed' : 'refused';
}
