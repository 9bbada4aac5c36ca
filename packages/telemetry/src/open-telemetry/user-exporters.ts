import type { Resource } from '../export/encode.ts';
import type { ExportResult, SpanExporter } from '../export/exporter.ts';
import type { FinishedSpan } from '../traces/span.ts';
import {
  type ReadableResource,
  type ReadableSpan,
  toReadableResource,
  toReadableSpan,
} from './readable-span.ts';

/** An exporter of the OpenTelemetry SDK's kind. */
export interface UserSpanExporter {
  export(spans: ReadableSpan[], done: (result: { code: number; error?: Error }) => void): void;
  shutdown(): Promise<void>;
  forceFlush?(): Promise<void>;
}

/** A processor of the OpenTelemetry SDK's kind. It gets spans when they have ended; `onStart` is not called. */
export interface UserSpanProcessor {
  onEnd(span: ReadableSpan): void;
  shutdown(): Promise<void>;
  forceFlush(): Promise<void>;
}

const succeeded = 0;
const exportTimeoutMs = 30_000;

/** Lets an exporter of the SDK's kind stand behind our queue; one that does not answer in 30 seconds has failed. */
export function adaptUserExporter(exporter: UserSpanExporter, resource: Resource): SpanExporter {
  const readable = toReadableResource(resource);
  return {
    export: (spans) =>
      exportOnce(
        exporter,
        spans.map((span) => toReadableSpan(span, readable)),
      ),
    close: () => {
      void settled(() => exporter.shutdown());
    },
  };
}

function exportOnce(exporter: UserSpanExporter, spans: ReadableSpan[]): Promise<ExportResult> {
  return new Promise((resolve) => {
    const refuse = (reason: string) => resolve({ outcome: 'refused', reason });
    const timer = setTimeout(() => refuse(`no answer in ${exportTimeoutMs} ms`), exportTimeoutMs).unref();
    try {
      exporter.export(spans, ({ code, error }) => {
        clearTimeout(timer);
        if (code === succeeded) resolve({ outcome: 'accepted' });
        else refuse(error?.message ?? `the exporter answered ${code}`);
      });
    } catch (error) {
      clearTimeout(timer);
      refuse(error instanceof Error ? error.message : String(error));
    }
  });
}

/** The processors a user brought. One that throws harms neither the others nor the request. */
export class UserProcessors {
  readonly #processors: readonly UserSpanProcessor[];
  readonly #resource: ReadableResource;
  readonly #onFailed: (detail: string) => void;

  constructor(
    processors: readonly UserSpanProcessor[],
    { resource, onFailed }: { resource: Resource; onFailed: (detail: string) => void },
  ) {
    this.#processors = processors;
    this.#resource = toReadableResource(resource);
    this.#onFailed = onFailed;
  }

  add(span: FinishedSpan): void {
    if (this.#processors.length === 0) return;
    const readable = toReadableSpan(span, this.#resource);
    for (const processor of this.#processors) {
      try {
        processor.onEnd(readable);
      } catch (error) {
        this.#onFailed(error instanceof Error ? error.message : String(error));
      }
    }
  }

  /** Flushes and shuts every processor down, for at most `timeoutMs`. */
  async stop(timeoutMs: number): Promise<void> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const late = new Promise<void>((resolve) => timeout.addEventListener('abort', () => resolve()));
    const steps = this.#processors.map((processor) =>
      settled(async () => {
        await processor.forceFlush();
        await processor.shutdown();
      }),
    );
    await Promise.race([Promise.all(steps), late]);
  }
}

/** What a stranger's shutdown throws must not keep the process from stopping. */
async function settled(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch {
    // It is going away; there is nobody left to tell.
  }
}
