import type { ExportResult, SpanExporter } from '../export/exporter.ts';
import type { LogDestination } from '../logs/destination.ts';
import type { FinishedSpan } from '../traces/span.ts';

/** An exporter that keeps spans, for tests. */
export class MemoryExporter implements SpanExporter {
  readonly spans: FinishedSpan[] = [];

  async export(spans: readonly FinishedSpan[]): Promise<ExportResult> {
    this.spans.push(...spans);
    return { outcome: 'accepted' };
  }

  close(): void {}
}

/** A destination that keeps log lines, for tests. */
export class MemoryDestination implements LogDestination {
  readonly text: string[] = [];

  write(line: string): void {
    this.text.push(line);
  }

  flush(): void {}

  /** The lines, parsed. */
  get lines(): Record<string, unknown>[] {
    return this.text.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}
