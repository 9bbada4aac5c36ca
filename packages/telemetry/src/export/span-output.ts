import type { FinishedSpan } from '../traces/span.ts';

/** Where finished spans go: a queue in front of an exporter, or processors a user brought. */
export interface SpanOutput {
  /** Takes a span; never blocks, never throws. */
  add(span: FinishedSpan): void;
  /** Delivers what waits, for at most `timeoutMs`. */
  stop(timeoutMs: number): Promise<unknown>;
}

/** Several outputs as one; undefined when there is none, and then nothing needs to be recorded. */
export function joinOutputs(outputs: readonly SpanOutput[]): SpanOutput | undefined {
  if (outputs.length <= 1) return outputs[0];
  return {
    add: (span) => {
      for (const output of outputs) output.add(span);
    },
    stop: (timeoutMs) => Promise.all(outputs.map((output) => output.stop(timeoutMs))),
  };
}
