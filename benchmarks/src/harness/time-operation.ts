import { median } from './median.ts';
import type { Operation } from './question.ts';

const warmUpMs = 300;
const sampleMs = 150;
const samples = 7;

/** Something the optimiser cannot prove unused. */
export const sink: { value: unknown } = { value: undefined };

function runFor(operation: Operation, { durationMs, batch }: { durationMs: number; batch: number }): number {
  const startedAt = performance.now();
  let operations = 0;
  let elapsedMs = 0;
  do {
    for (let index = 0; index < batch; index++) sink.value = operation(operations + index);
    operations += batch;
    elapsedMs = performance.now() - startedAt;
  } while (elapsedMs < durationMs);
  return (elapsedMs * 1e6) / operations;
}

/** Nanoseconds per operation: the median of seven samples after a warm-up. */
export function timeOperation(operation: Operation): number {
  const rough = runFor(operation, { durationMs: warmUpMs, batch: 10 });
  const batch = Math.max(1, Math.min(10_000, Math.round(1e6 / rough)));
  const results = Array.from({ length: samples }, () => runFor(operation, { durationMs: sampleMs, batch }));
  return median(results);
}
