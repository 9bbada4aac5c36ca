import type {
  AttributeValue,
  FinishedSpan,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanStatus,
} from '../traces/span.ts';

/** A finished span that is already in OTLP's form: sent on as it is, and decoded only when something looks inside. */
export class EncodedSpan implements FinishedSpan {
  readonly bytes: Buffer;
  readonly #decode: (bytes: Buffer) => FinishedSpan;
  #decoded: FinishedSpan | undefined;

  constructor(bytes: Buffer, decode: (bytes: Buffer) => FinishedSpan) {
    this.bytes = bytes;
    this.#decode = decode;
  }

  get traceId(): string {
    return this.#span.traceId;
  }

  get spanId(): string {
    return this.#span.spanId;
  }

  get parentSpanId(): string {
    return this.#span.parentSpanId;
  }

  get traceState(): string {
    return this.#span.traceState;
  }

  get sampled(): boolean {
    return this.#span.sampled;
  }

  get name(): string {
    return this.#span.name;
  }

  get kind(): SpanKind {
    return this.#span.kind;
  }

  get startUnixMs(): number {
    return this.#span.startUnixMs;
  }

  get endUnixMs(): number {
    return this.#span.endUnixMs;
  }

  get status(): SpanStatus {
    return this.#span.status;
  }

  get statusMessage(): string {
    return this.#span.statusMessage;
  }

  get attributes(): Readonly<Record<string, AttributeValue>> {
    return this.#span.attributes;
  }

  get events(): readonly SpanEvent[] {
    return this.#span.events;
  }

  get links(): readonly SpanLink[] {
    return this.#span.links;
  }

  get droppedAttributes(): number {
    return this.#span.droppedAttributes;
  }

  get droppedEvents(): number {
    return this.#span.droppedEvents;
  }

  get droppedLinks(): number {
    return this.#span.droppedLinks ?? 0;
  }

  /** What `JSON.stringify` and copies see: the span, not its bytes. */
  toJSON(): FinishedSpan {
    return this.#span;
  }

  get #span(): FinishedSpan {
    this.#decoded ??= this.#decode(this.bytes);
    return this.#decoded;
  }
}
