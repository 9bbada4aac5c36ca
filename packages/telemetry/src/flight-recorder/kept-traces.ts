import type { KeepReason } from './keep-reason.ts';

interface Kept {
  readonly reason: KeepReason;
  readonly untilMs: number;
}

/**
 * Traces whose verdict is known, so that what ends later is kept as well. Bounded in number and in time: every entry
 * lives equally long, so the oldest is always the first.
 */
export class KeptTraces {
  readonly #traces = new Map<string, Kept>();
  readonly #maximum: number;
  readonly #lifetimeMs: number;

  constructor({ maximum, lifetimeMs }: { maximum: number; lifetimeMs: number }) {
    this.#maximum = maximum;
    this.#lifetimeMs = lifetimeMs;
  }

  get size(): number {
    return this.#traces.size;
  }

  /** Why the trace is kept; undefined when it is not, or no longer. */
  reasonOf(traceId: string): KeepReason | undefined {
    if (this.#traces.size === 0) return undefined;
    const kept = this.#traces.get(traceId);
    if (kept === undefined || kept.untilMs > performance.now()) return kept?.reason;
    this.#traces.delete(traceId);
    return undefined;
  }

  /** Keeps a trace that is not kept yet; expired ones leave, and the oldest when there are too many. */
  add(traceId: string, reason: KeepReason): void {
    const nowMs = performance.now();
    for (const [oldest, { untilMs }] of this.#traces) {
      if (untilMs > nowMs && this.#traces.size < this.#maximum) break;
      this.#traces.delete(oldest);
    }
    this.#traces.set(traceId, { reason, untilMs: nowMs + this.#lifetimeMs });
  }
}
