import type { Batch } from '../model.ts';

/** Records the store is handed at once: one commit's worth, so that a large request cannot fill its queue alone. */
const DEFAULT_MAX_RECORDS = 5_000;

/** The same records in batches of bounded size, none for an empty batch. */
export function* splitBatch(batch: Batch, maxRecords: number = DEFAULT_MAX_RECORDS): Generator<Batch> {
  const { spans, logs, samples, metadata } = batch;
  const total = spans.length + logs.length + samples.length + metadata.length;
  if (total === 0) return;
  if (total <= maxRecords) {
    yield batch;
    return;
  }
  const longest = Math.max(spans.length, logs.length, samples.length, metadata.length);
  const size = Math.max(1, Math.floor(maxRecords / 4));
  for (let start = 0; start < longest; start += size) {
    const end = start + size;
    yield {
      spans: spans.slice(start, end),
      logs: logs.slice(start, end),
      samples: samples.slice(start, end),
      metadata: metadata.slice(start, end),
    };
  }
}
