export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';
export type SpanStatus = 'unset' | 'ok' | 'error';
export type AttributeValue = string | number | boolean | readonly (string | number | boolean)[];
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

/** What crosses a process boundary of a span (W3C Trace Context). */
export interface SpanContext {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  readonly sampled: boolean;
  /** The `tracestate` header as received; empty when there was none. */
  readonly traceState: string;
  /** Whether the last 7 bytes of the trace id are known to be random (W3C Trace Context, level 2). Default: false. */
  readonly randomTraceId?: boolean;
}

export interface SpanLink {
  readonly context: SpanContext;
  readonly attributes?: Attributes;
}

export interface SpanEvent {
  readonly name: string;
  readonly timeUnixMs: number;
  readonly attributes: Record<string, AttributeValue>;
}

/** A unit of work in a trace. Attribute values under sensitive keys are stored as `[REDACTED]`. */
export interface Span extends SpanContext {
  /** False when the span is neither sampled nor held by the flight recorder: every method is then a no-op. */
  readonly isRecording: boolean;
  setAttribute(key: string, value: AttributeValue | undefined): this;
  /** Undefined values are skipped. */
  setAttributes(attributes: Attributes): this;
  /** An event of now, or of `timeUnixMs`. */
  addEvent(name: string, attributes?: Attributes, timeUnixMs?: number): this;
  addLink(link: SpanLink): this;
  /** Adds an `exception` event; it does not set the status. */
  recordException(error: unknown): this;
  setStatus(status: 'ok' | 'error', message?: string): this;
  updateName(name: string): this;
  /** Ends the span now, or at `endUnixMs` but never before its start; later calls of any method change nothing. */
  end(endUnixMs?: number): void;
}

/** A span that has ended, as exporters get it. */
export interface FinishedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root span. */
  readonly parentSpanId: string;
  readonly traceState: string;
  /** Whether head sampling chose its trace; one that was kept afterwards says false. */
  readonly sampled: boolean;
  readonly name: string;
  readonly kind: SpanKind;
  /** Unix milliseconds with a fraction. */
  readonly startUnixMs: number;
  readonly endUnixMs: number;
  readonly status: SpanStatus;
  readonly statusMessage: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly droppedAttributes: number;
  readonly droppedEvents: number;
  readonly droppedLinks?: number;
}

/** A span at the moment it ends in the process that made it. */
export interface EndedSpan extends FinishedSpan {
  /** Whether its parent, if it has one, is of another process. */
  readonly localRoot: boolean;
}
