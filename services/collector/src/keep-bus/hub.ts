import { type Announcement, formatAnnouncement } from '@ibex/telemetry/flight-recorder';

/** Takes lines; false when it does not keep up and must not get more. */
export type Subscriber = (text: string) => boolean;

const maximumSubscribers = 128;
const maximumRemembered = 4_096;
const rememberedForMs = 30_000;
const silentAfterMs = 5_000;

/**
 * Passes announcements of kept traces on to every process that listens. What was said in the last half minute is
 * repeated to a new listener: it may have been away for a moment.
 */
export class KeepHub {
  readonly #subscribers = new Map<Subscriber, () => void>();
  readonly #recent: { line: string; untilMs: number }[] = [];
  readonly #heartbeat: NodeJS.Timeout;

  constructor() {
    // Tells a stream without news from one that is dead.
    this.#heartbeat = setInterval(() => this.#send('\n'), silentAfterMs).unref();
  }

  get subscriberCount(): number {
    return this.#subscribers.size;
  }

  announce(announcements: readonly Announcement[]): void {
    if (announcements.length === 0) return;
    const lines = announcements.map(formatAnnouncement);
    this.#remember(lines);
    this.#send(lines.join(''));
  }

  /**
   * @param end Called when the subscriber is let go of: it did not keep up, or the hub closes.
   * @returns What ends the subscription; undefined when there are too many.
   */
  subscribe(subscriber: Subscriber, end: () => void): (() => void) | undefined {
    if (this.#subscribers.size >= maximumSubscribers) return undefined;
    this.#subscribers.set(subscriber, end);
    this.#forget();
    subscriber(`${this.#recent.map(({ line }) => line).join('')}\n`);
    return () => this.#subscribers.delete(subscriber);
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const subscriber of this.#subscribers.keys()) this.#drop(subscriber);
  }

  #send(text: string): void {
    for (const subscriber of this.#subscribers.keys()) {
      if (!subscriber(text)) this.#drop(subscriber);
    }
  }

  #drop(subscriber: Subscriber): void {
    const end = this.#subscribers.get(subscriber);
    this.#subscribers.delete(subscriber);
    end?.();
  }

  #remember(lines: readonly string[]): void {
    const untilMs = performance.now() + rememberedForMs;
    for (const line of lines) this.#recent.push({ line, untilMs });
    this.#forget();
  }

  #forget(): void {
    const nowMs = performance.now();
    const living = this.#recent.findIndex(({ untilMs }) => untilMs > nowMs);
    const expired = living === -1 ? this.#recent.length : living;
    this.#recent.splice(0, Math.max(expired, this.#recent.length - maximumRemembered));
  }
}
