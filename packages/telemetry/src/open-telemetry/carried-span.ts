import { SilentSpan } from '../traces/silent-span.ts';
import type { SpanContext } from '../traces/span.ts';

/** A span of another process, or of another tracer: it is a parent, and nothing can be written to it. */
export class CarriedSpan extends SilentSpan {
  override readonly sampled: boolean;

  constructor(context: SpanContext) {
    super(context);
    this.sampled = context.sampled;
  }
}
