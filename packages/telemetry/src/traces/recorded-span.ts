import type { Sanitiser } from '../privacy/sanitiser.ts';
import { nowUnixMs } from './clock.ts';
import { exceptionAttributes } from './exception.ts';
import type {
  Attributes,
  AttributeValue,
  FinishedSpan,
  Span,
  SpanContext,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanStatus,
} from './span.ts';

const maximumAttributes = 128;
const maximumEvents = 128;
const maximumNameLength = 256;

/** What a span needs from the tracer that made it. */
export interface SpanOwner {
  readonly sanitiser: Sanitiser;
  onEnd(span: FinishedSpan): void;
}

export interface RecordedSpanOptions extends Omit<SpanContext, 'sampled'> {
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly links: readonly SpanLink[];
}

/** A sampled span. It is its own finished form: ending it hands it over without a copy. */
export class RecordedSpan implements Span, FinishedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly sampled = true;
  readonly kind: SpanKind;
  readonly links: readonly SpanLink[];
  readonly attributes: Record<string, AttributeValue> = {};
  readonly events: SpanEvent[] = [];
  readonly startUnixMs = nowUnixMs();
  name: string;
  endUnixMs = 0;
  status: SpanStatus = 'unset';
  statusMessage = '';
  droppedAttributes = 0;
  droppedEvents = 0;
  #attributeCount = 0;
  readonly #owner: SpanOwner;

  constructor(owner: SpanOwner, options: RecordedSpanOptions) {
    this.#owner = owner;
    this.traceId = options.traceId;
    this.spanId = options.spanId;
    this.parentSpanId = options.parentSpanId;
    this.traceState = options.traceState;
    this.name = options.name.slice(0, maximumNameLength);
    this.kind = options.kind;
    this.links = options.links;
  }

  get isRecording(): boolean {
    return this.endUnixMs === 0;
  }

  setAttribute(key: string, value: AttributeValue | undefined): this {
    if (value === undefined || !this.isRecording) return this;
    if (!(key in this.attributes) && this.#attributeCount++ >= maximumAttributes) {
      this.droppedAttributes++;
      return this;
    }
    this.attributes[key] = this.#owner.sanitiser.attribute(key, value);
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const key in attributes) this.setAttribute(key, attributes[key]);
    return this;
  }

  addEvent(name: string, attributes: Attributes = {}): this {
    if (!this.isRecording) return this;
    if (this.events.length >= maximumEvents) {
      this.droppedEvents++;
      return this;
    }
    const kept: Record<string, AttributeValue> = {};
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined) kept[key] = this.#owner.sanitiser.attribute(key, value);
    }
    this.events.push({ name: name.slice(0, maximumNameLength), timeUnixMs: nowUnixMs(), attributes: kept });
    return this;
  }

  recordException(error: unknown): this {
    return this.addEvent('exception', exceptionAttributes(error));
  }

  setStatus(status: 'ok' | 'error', message = ''): this {
    if (!this.isRecording || this.status === 'ok') return this;
    this.status = status;
    this.statusMessage = status === 'error' ? this.#owner.sanitiser.redactText(message) : '';
    return this;
  }

  updateName(name: string): this {
    if (this.isRecording) this.name = name.slice(0, maximumNameLength);
    return this;
  }

  end(): void {
    if (!this.isRecording) return;
    this.endUnixMs = Math.max(nowUnixMs(), this.startUnixMs);
    this.#owner.onEnd(this);
  }
}
