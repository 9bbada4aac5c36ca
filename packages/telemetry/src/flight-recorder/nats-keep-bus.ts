import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { formatAnnouncement, parseAnnouncement } from './announcement-line.ts';
import { Backoff } from './backoff.ts';
import type { Announcement, KeepBus } from './keep-bus.ts';
import type { KeepBusObserver } from './keep-bus-observer.ts';
import type { KeepReason } from './keep-reason.ts';

/** The subject announcements go over: one message each, the same line of JSON as over HTTP. */
export const keepSubject = 'ibex.keep';

export interface NatsBusOptions {
  /** `nats://` or `tls://`, with user and password or a token where the server asks for them. */
  readonly url: string;
  readonly observer: KeepBusObserver;
  /** Told once that the bus cannot work, in words for the log. */
  readonly onUnusable: (error: unknown) => void;
}

const maximumWaiting = 4_096;
const reconnectPauseMs = 2_000;
const connectTimeoutMs = 5_000;

/**
 * A bus over NATS, for fleets that have one. Its package is loaded when the bus is made; a server that is not there is
 * tried again until it comes, while a bounded number of announcements wait.
 */
export class NatsKeepBus implements KeepBus {
  readonly #options: NatsBusOptions;
  readonly #listeners = new Set<(announcement: Announcement) => void>();
  readonly #backoff = new Backoff();
  #waiting: Announcement[] = [];
  #connection: NatsConnection | undefined;
  #isConnected = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: NatsBusOptions) {
    this.#options = options;
    void this.#connect();
  }

  announce(traceId: string, reason: KeepReason): void {
    const { observer } = this.#options;
    if (this.#closed || this.#waiting.length >= maximumWaiting) {
      observer.onDropped(1, this.#closed ? 'stopping' : 'queue_full');
      return;
    }
    this.#waiting.push({ traceId, reason });
    this.#flush();
  }

  subscribe(listener: (announcement: Announcement) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(timeoutMs: number): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const connection = this.#connection;
    if (connection !== undefined && this.#isConnected) {
      const patience = Promise.withResolvers<void>();
      const timer = setTimeout(patience.resolve, timeoutMs);
      await Promise.race([connection.flush().catch(() => {}), patience.promise]);
      clearTimeout(timer);
    }
    await connection?.close();
    if (this.#waiting.length > 0) this.#options.observer.onDropped(this.#waiting.length, 'stopping');
    this.#waiting = [];
  }

  async #connect(): Promise<void> {
    const transport = await import('@nats-io/transport-node').catch((error: unknown) => {
      this.#options.onUnusable(error);
      return undefined;
    });
    if (transport === undefined || this.#closed) return;
    try {
      this.#use(await transport.connect(connectionOptions(this.#options.url)));
    } catch {
      if (!this.#closed) this.#timer = setTimeout(() => void this.#connect(), this.#backoff.nextMs()).unref();
    }
  }

  #use(connection: NatsConnection): void {
    this.#connection = connection;
    if (this.#closed) {
      void connection.close();
      return;
    }
    this.#isConnected = true;
    void this.#hear(connection.subscribe(keepSubject));
    void this.#watch(connection);
    this.#flush();
  }

  async #hear(subscription: Subscription): Promise<void> {
    for await (const message of subscription) {
      const announcement = parseAnnouncement(message.string());
      if (announcement === undefined) {
        this.#options.observer.onDropped(1, 'malformed');
        continue;
      }
      this.#options.observer.onReceived();
      for (const listener of this.#listeners) listener(announcement);
    }
  }

  /** While there is no connection, announcements wait here: the client's own buffer has no bound. */
  async #watch(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') this.#isConnected = false;
      if (type !== 'reconnect') continue;
      this.#isConnected = true;
      this.#flush();
    }
  }

  #flush(): void {
    if (!this.#isConnected || this.#connection === undefined || this.#waiting.length === 0) return;
    for (const announcement of this.#waiting) {
      this.#connection.publish(keepSubject, formatAnnouncement(announcement).trimEnd());
    }
    this.#options.observer.onSent(this.#waiting.length);
    this.#waiting = [];
  }
}

function connectionOptions(url: string) {
  const { host, protocol, username, password } = new URL(url);
  const secret = decodeURIComponent(password);
  const name = decodeURIComponent(username);
  const credentials = secret === '' ? { token: name } : { user: name, pass: secret };
  return {
    servers: host,
    name: 'ibex-keep',
    timeout: connectTimeoutMs,
    maxReconnectAttempts: -1,
    reconnectTimeWait: reconnectPauseMs,
    ...(protocol === 'tls:' ? { tls: {} } : {}),
    ...(name === '' ? {} : credentials),
  };
}
