import { SilentSpan } from './silent-span.ts';

/** A span that is not recorded: it only carries the trace on. */
export class UnsampledSpan extends SilentSpan {
  override readonly sampled = false;
}
