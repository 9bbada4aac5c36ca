import { type Context, context as contextApi } from '@opentelemetry/api';
import type { Resource } from '../export/encode.ts';
import type { ExportResult, SpanExporter } from '../export/exporter.ts';
import type { Sanitiser } from '../privacy/sanitiser.ts';
import type { RecordedSpan } from '../traces/recorded-span.ts';
import type { FinishedSpan, SpanContext } from '../traces/span.ts';
import { withParent } from './api-span.ts';
import {
  type ReadableResource,
  type ReadableSpan,
  toReadableResource,
  toReadableSpan,
} from './readable-span.ts';
import { StartedSpan } from './started-span.ts';

/** An exporter of the OpenTelemetry SDK's kind. */
export interface UserSpanExporter {
  export(spans: ReadableSpan[], done: (result: { code: number; error?: Error }) => void): void;
  shutdown(): Promise<void>;
  forceFlush?(): Promise<void>;
}

/**
 * A processor of the OpenTelemetry SDK's kind. It gets every recorded span when it starts, and those that are exported
 * when they have ended.
 */
export interface UserSpanProcessor {
  /** `parentContext` is the API's context the span was started in, with its parent as the active span. */
  onStart?(span: StartedSpan, parentContext: Context): void;
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

export interface UserProcessorOptions {
  readonly resource: Resource;
  readonly sanitiser: Sanitiser;
  /** A span that a processor could not take when it had ended. */
  readonly onFailed: (detail: string) => void;
  /** The first failure of a processor's `onStart`. */
  readonly onStartFailed: (detail: string) => void;
}

/** The processors a user brought. One that throws harms neither the others nor the request. */
export class UserProcessors {
  readonly #processors: readonly UserSpanProcessor[];
  readonly #resource: ReadableResource;
  readonly #options: UserProcessorOptions;
  /** Those whose `onStart` has thrown: told once. */
  readonly #failing = new Set<UserSpanProcessor>();

  constructor(processors: readonly UserSpanProcessor[], options: UserProcessorOptions) {
    this.#processors = processors;
    this.#resource = toReadableResource(options.resource);
    this.#options = options;
  }

  /** Tells that a span has started. */
  start(
    span: RecordedSpan,
    { parent, apiContext }: { parent: SpanContext | undefined; apiContext: unknown },
  ): void {
    const { sanitiser } = this.#options;
    const started = new StartedSpan(span, { sanitiser, resource: this.#resource });
    const context = withParent((apiContext as Context | undefined) ?? contextApi.active(), {
      parent,
      sanitiser,
    });
    for (const processor of this.#processors) {
      try {
        processor.onStart?.(started, context);
      } catch (error) {
        if (this.#failing.has(processor)) continue;
        this.#failing.add(processor);
        this.#options.onStartFailed(messageOf(error));
      }
    }
  }

  add(span: FinishedSpan): void {
    if (this.#processors.length === 0) return;
    const readable = toReadableSpan(span, this.#resource);
    for (const processor of this.#processors) {
      try {
        processor.onEnd(readable);
      } catch (error) {
        this.#options.onFailed(messageOf(error));
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a stranger's shutdown throws must not keep the process from stopping. */
async function settled(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch {
    // It is going away; there is nobody left to tell.
  }
}
