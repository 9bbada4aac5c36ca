import type { Span, SpanContext } from './span.ts';

/** A span that nothing can be written to: every method does nothing. */
export abstract class SilentSpan implements Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly randomTraceId: boolean;
  readonly isRecording = false;
  abstract readonly sampled: boolean;

  constructor({ traceId, spanId, traceState, randomTraceId = false }: Omit<SpanContext, 'sampled'>) {
    this.traceId = traceId;
    this.spanId = spanId;
    this.traceState = traceState;
    this.randomTraceId = randomTraceId;
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
