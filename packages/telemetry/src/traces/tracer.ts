import { currentSpan, runInScope } from '../context/scope.ts';
import type { Sanitiser } from '../privacy/sanitiser.ts';
import { describeThrown } from './exception.ts';
import { createSpanId, createTraceId } from './ids.ts';
import { RecordedSpan, type SpanOwner } from './recorded-span.ts';
import type { Sampler } from './sampler.ts';
import type { Attributes, EndedSpan, Span, SpanContext, SpanKind, SpanLink } from './span.ts';
import { UnsampledSpan } from './unsampled-span.ts';

export interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** The parent; null starts a new trace. Default: the active span of the scope. */
  readonly parent?: SpanContext | null | undefined;
  readonly links?: readonly SpanLink[];
  /** When it began, for work that was already under way. Default: now. */
  readonly startUnixMs?: number | undefined;
  /** True for work nobody wants to see unless a sampled caller asks, e.g. health probes. */
  readonly quiet?: boolean;
  /** Writes to the span before anybody hears that it has started; not called for one that is not recorded. */
  readonly prepare?: (span: Span) => void;
  /** The context of the OpenTelemetry API it is started in, where a library has given one. */
  readonly apiContext?: unknown;
}

/** Told of every span that is recorded, when it has started. */
export type OnStart = (
  span: RecordedSpan,
  from: { readonly parent: SpanContext | undefined; readonly apiContext: unknown },
) => void;

export interface TracerOptions {
  readonly sampler: Sampler;
  readonly sanitiser: Sanitiser;
  readonly onEnd: (span: EndedSpan) => void;
  /** Whether spans that are not sampled are recorded all the same, for the flight recorder. */
  readonly recordsUnsampled?: boolean;
  readonly onKeep?: SpanOwner['onKeep'];
  readonly onStart?: OnStart | undefined;
}

const noLinks: readonly SpanLink[] = [];

/** Makes spans. Sampling is decided first. */
export class Tracer {
  readonly #sampler: Sampler;
  readonly #owner: SpanOwner;
  readonly #recordsUnsampled: boolean;
  readonly #onStart: OnStart | undefined;

  constructor(options: TracerOptions) {
    this.#sampler = options.sampler;
    const { sanitiser, onEnd, onKeep = () => {} } = options;
    this.#owner = { sanitiser, plainNames: new Set(), onEnd, onKeep };
    this.#recordsUnsampled = options.recordsUnsampled ?? false;
    this.#onStart = options.onStart;
  }

  /**
   * Starts a span. The caller ends it. A child of a span that is not recorded is that span itself: it needs no id and
   * no memory, since whatever is done to it does nothing.
   */
  startSpan(name: string, options: SpanOptions = {}): Span {
    const parent = options.parent === null ? undefined : (options.parent ?? currentSpan());
    if (parent instanceof UnsampledSpan) return parent;
    const traceId = parent?.traceId ?? createTraceId();
    const sampled = this.#sampler(traceId, parent) && !(options.quiet === true && parent === undefined);
    // Our own ids are random throughout; of a caller's, only the caller knows.
    const randomTraceId = parent === undefined || parent.randomTraceId === true;
    const traceState = parent?.traceState ?? '';
    if (!sampled && (!this.#recordsUnsampled || options.quiet === true)) {
      const spanId = parent?.spanId ?? createSpanId();
      return new UnsampledSpan({ traceId, spanId, traceState, randomTraceId });
    }
    const span = new RecordedSpan(this.#owner, {
      traceId,
      spanId: createSpanId(),
      parentSpanId: parent?.spanId ?? '',
      sampled,
      localRoot: !(parent instanceof RecordedSpan),
      traceState,
      randomTraceId,
      name,
      kind: options.kind ?? 'internal',
      links: options.links ?? noLinks,
      startUnixMs: options.startUnixMs,
    });
    if (options.attributes !== undefined) span.setAttributes(options.attributes);
    options.prepare?.(span);
    this.#onStart?.(span, { parent, apiContext: options.apiContext });
    return span;
  }

  /** Runs `run` inside a span that is active for it. What it throws is recorded, sets the status, and is thrown on. */
  async withSpan<Result>(
    name: string,
    options: SpanOptions,
    run: (span: Span) => Promise<Result>,
  ): Promise<Result> {
    const span = this.startSpan(name, options);
    if (!span.isRecording && span === currentSpan()) return run(span);
    try {
      return await runInScope({ span }, () => run(span));
    } catch (error) {
      const { type, message } = describeThrown(error);
      span.recordException(error).setAttribute('error.type', type).setStatus('error', message);
      throw error;
    } finally {
      span.end();
    }
  }
}
