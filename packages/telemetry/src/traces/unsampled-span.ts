import type { Span } from './span.ts';

/** A span that is not recorded: it only carries the trace on. */
export class UnsampledSpan implements Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly sampled = false;
  readonly isRecording = false;

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
