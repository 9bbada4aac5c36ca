import type { StreamingPolicy } from '../pipeline/streaming-policy.ts';
import type { CallReport } from '../providers/call-report.ts';
import type { RecordedCall } from './recorded-call.ts';

/** How a stream went, beside what it said. */
export class StreamPace {
  /** Time spent waiting for the provider. */
  upstreamWaitMs = 0;
  /** Time spent waiting for the client to take what was sent. */
  clientWaitMs = 0;
  upstreamStalls = 0;
  clientStalls = 0;
  /** The longest wait for the provider between two pieces. */
  longestGapMs = 0;
}

export interface ObservedStreamOptions {
  readonly call: RecordedCall;
  readonly report: CallReport;
  readonly policy: StreamingPolicy;
  /** Gets the wait before each piece after the first. */
  readonly onGap: (seconds: number) => void;
}

/**
 * A provider's stream with a clock on both sides: the time until it gives a piece is the provider's, the time until the
 * next one is asked for is the client's. It ends the call when it ends.
 */
export class ObservedStream implements AsyncIterableIterator<Uint8Array> {
  readonly #events: AsyncIterator<Uint8Array>;
  readonly #options: ObservedStreamOptions;
  readonly #pace: StreamPace;
  #deliveredAt: number | undefined;

  constructor(events: AsyncIterable<Uint8Array>, options: ObservedStreamOptions) {
    this.#events = events[Symbol.asyncIterator]();
    this.#options = options;
    this.#pace = options.report.pace;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const { call, report } = this.#options;
    const askedAt = performance.now();
    this.#countClient(askedAt);
    report.waitsForClient = false;
    const ownBeforeMs = report.answer.ownMs;
    try {
      const result = await this.#events.next();
      this.#countUpstream(askedAt, ownBeforeMs);
      if (result.done === true) call.complete();
      return result;
    } catch (error) {
      this.#countUpstream(askedAt, ownBeforeMs);
      throw call.fail(error);
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    await this.#events.return?.();
    return { done: true, value: undefined };
  }

  #countUpstream(askedAt: number, ownBeforeMs: number): void {
    const { report, policy, onGap } = this.#options;
    const now = performance.now();
    const waitMs = Math.max(0, now - askedAt - (report.answer.ownMs - ownBeforeMs));
    this.#pace.upstreamWaitMs += waitMs;
    report.origin.timing.upstreamMs += waitMs;
    if (waitMs > policy.stallMs) this.#pace.upstreamStalls += 1;
    if (this.#deliveredAt !== undefined) {
      this.#pace.longestGapMs = Math.max(this.#pace.longestGapMs, waitMs);
      onGap(waitMs / 1000);
    }
    this.#deliveredAt = now;
    report.waitsForClient = true;
  }

  #countClient(askedAt: number): void {
    if (this.#deliveredAt === undefined) return;
    const waitMs = askedAt - this.#deliveredAt;
    this.#pace.clientWaitMs += waitMs;
    this.#options.report.origin.timing.clientMs += waitMs;
    if (waitMs > this.#options.policy.stallMs) this.#pace.clientStalls += 1;
  }
}
