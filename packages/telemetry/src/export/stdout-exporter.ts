import type { LogDestination } from '../logs/destination.ts';
import type { Resource } from './encode.ts';
import { EncodedSpan } from './encoded-span.ts';
import type { SpanExporter } from './exporter.ts';

/** Writes each span as one line of JSON, for development. */
export function createStdoutExporter(destination: LogDestination, resource: Resource): SpanExporter {
  return {
    export: async (spans) => {
      for (const span of spans) {
        const { startUnixMs, endUnixMs, ...rest } = span instanceof EncodedSpan ? span.toJSON() : span;
        const line = {
          type: 'span',
          ...rest,
          start: new Date(startUnixMs).toISOString(),
          duration_ms: Math.round((endUnixMs - startUnixMs) * 1000) / 1000,
          resource,
        };
        destination.write(`${JSON.stringify(line)}\n`);
      }
      return { outcome: 'accepted' };
    },
    close: () => {},
  };
}
