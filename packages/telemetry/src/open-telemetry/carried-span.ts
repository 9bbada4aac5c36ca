import type { Span, SpanContext } from '../traces/span.ts';

/** A span of another process, or of another tracer: it is a parent, and nothing can be written to it. */
export class CarriedSpan implements Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly sampled: boolean;
  readonly isRecording = false;

  constructor(context: SpanContext) {
    this.traceId = context.traceId;
    this.spanId = context.spanId;
    this.traceState = context.traceState;
    this.sampled = context.sampled;
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
