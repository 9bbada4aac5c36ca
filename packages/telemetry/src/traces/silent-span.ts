import type { Span } from './span.ts';

/** A span that nothing can be written to: every method does nothing. */
export abstract class SilentSpan implements Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly isRecording = false;
  abstract readonly sampled: boolean;

  constructor(traceId: string, spanId: string, traceState: string) {
    this.traceId = traceId;
    this.spanId = spanId;
    this.traceState = traceState;
  }

  setAttribute(): this {
    return this;
  }

  setAttributes(): this {
    return this;
  }

  addEvent(): this {
    return this;
  }

  addLink(): this {
    return this;
  }

  recordException(): this {
    return this;
  }

  setStatus(): this {
    return this;
  }

  updateName(): this {
    return this;
  }

  end(): void {}
}
