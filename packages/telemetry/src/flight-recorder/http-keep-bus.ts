import type { IncomingMessage } from 'node:http';
import { parseAnnouncement } from './announcement-line.ts';
import { AnnouncementSender } from './announcement-sender.ts';
import { Backoff } from './backoff.ts';
import { type HttpBusEndpoint, openRequest } from './http-request.ts';
import type { Announcement, KeepBus } from './keep-bus.ts';
import type { KeepBusObserver } from './keep-bus-observer.ts';
import type { KeepReason } from './keep-reason.ts';
import { LineReader } from './line-reader.ts';

/** The server writes an empty line every few seconds; a stream that is silent for longer is dead. */
const silenceMs = 20_000;

/**
 * A bus over the collector: announcements are posted in batches, and heard on one response that never ends. A stream
 * that breaks is opened again with growing pauses; the collector repeats what was said in the meantime.
 */
export class HttpKeepBus implements KeepBus {
  readonly #endpoint: HttpBusEndpoint;
  readonly #observer: KeepBusObserver;
  readonly #sender: AnnouncementSender;
  readonly #listeners = new Set<(announcement: Announcement) => void>();
  readonly #backoff = new Backoff();
  #disconnect: (() => void) | undefined;
  #reconnect: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(endpoint: HttpBusEndpoint, observer: KeepBusObserver) {
    this.#endpoint = endpoint;
    this.#observer = observer;
    this.#sender = new AnnouncementSender(endpoint, observer);
  }

  announce(traceId: string, reason: KeepReason): void {
    this.#sender.add({ traceId, reason });
  }

  subscribe(listener: (announcement: Announcement) => void): () => void {
    this.#listeners.add(listener);
    if (this.#disconnect === undefined && this.#reconnect === undefined && !this.#closed) this.#connect();
    return () => this.#listeners.delete(listener);
  }

  async close(timeoutMs: number): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#reconnect);
    this.#disconnect?.();
    await this.#sender.close(timeoutMs);
  }

  #connect(): void {
    this.#reconnect = undefined;
    const request = openRequest(this.#endpoint, {
      method: 'GET',
      headers: { accept: 'application/x-ndjson' },
    });
    this.#disconnect = () => request.destroy();
    request.setTimeout(silenceMs, () => request.destroy());
    request.on('response', (response) => this.#listen(response));
    // What went wrong is followed by `close`.
    request.on('error', () => {});
    request.once('close', () => this.#connectLater());
    request.end();
  }

  #listen(response: IncomingMessage): void {
    if (response.statusCode !== 200) {
      response.destroy();
      return;
    }
    const lines = new LineReader((line) => this.#hear(line));
    response.setEncoding('utf8');
    response.on('error', () => {});
    response.on('data', (text: string) => {
      this.#backoff.reset();
      if (!lines.push(text)) response.destroy();
    });
    // The server is done, e.g. because it stops: the connection must not linger in the silence after it.
    response.once('end', () => response.destroy());
  }

  #hear(line: string): void {
    if (line === '') return;
    const announcement = parseAnnouncement(line);
    if (announcement === undefined) {
      this.#observer.onDropped(1, 'malformed');
      return;
    }
    this.#observer.onReceived();
    for (const listener of this.#listeners) listener(announcement);
  }

  #connectLater(): void {
    this.#disconnect = undefined;
    if (this.#closed || this.#reconnect !== undefined) return;
    this.#reconnect = setTimeout(() => this.#connect(), this.#backoff.nextMs()).unref();
  }
}
