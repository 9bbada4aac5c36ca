import { defaultMaximumBytes, defaultMaximumSpans } from '../export/batch-queue.ts';
import { type Environment, readInteger } from './variables.ts';

/** What may wait in front of each exporter. */
export interface ExportQueueSettings {
  readonly maximumSpans: number;
  readonly maximumBytes: number;
}

const spans = { minimum: 512, maximum: 1_000_000, unit: 'spans' };
const bytes = { minimum: 64 * 1024, maximum: 1024 * 1024 * 1024, unit: 'bytes' };

/** @throws {ConfigError} naming the variable. */
export function readExportQueue(environment: Environment): ExportQueueSettings {
  return {
    maximumSpans: readInteger(environment, 'OTEL_BSP_MAX_QUEUE_SIZE', spans) ?? defaultMaximumSpans,
    maximumBytes: readInteger(environment, 'IBEX_EXPORT_QUEUE_BYTES', bytes) ?? defaultMaximumBytes,
  };
}
