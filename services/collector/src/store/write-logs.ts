import type { WriteContext } from './batch-writer.ts';
import { rowAt } from './columns.ts';
import type { LogColumns } from './encode.ts';

const NANO_PER_MS = 1_000_000n;

/** Adds log lines. @returns how many. */
export function writeLogs(batches: readonly LogColumns[], { appenders, registries }: WriteContext): number {
  let written = 0;
  for (const columns of batches) {
    for (let index = 0; index < columns.message.length; index += 1) {
      const row = rowAt(columns, index);
      appenders.logs.add({ ...row, sequence: registries.sequence.next() });
      registries.services.observe(row.service, Number(row.timeNano / NANO_PER_MS));
      written += 1;
    }
  }
  return written;
}
