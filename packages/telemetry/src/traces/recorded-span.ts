import type { KeepReason } from '../flight-recorder/keep-reason.ts';
import { redacted } from '../privacy/redacted.ts';
import type { Sanitiser } from '../privacy/sanitiser.ts';
import { nowUnixMs, unixMsAt } from './clock.ts';
import { errorCodeOf } from './error-code.ts';
import { exceptionAttributes } from './exception.ts';
import type {
  Attributes,
  AttributeValue,
  EndedSpan,
  Span,
  SpanContext,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanStatus,
} from './span.ts';

const maximumAttributes = 128;
const maximumEvents = 128;
const maximumLinks = 128;
const maximumNameLength = 256;
const maximumPlainNames = 500;

const noLinks: readonly SpanLink[] = [];

/** What a span needs from the tracer that made it. */
export interface SpanOwner {
  readonly sanitiser: Sanitiser;
  /** Names known to hold no secret: they are few and come again and again. At most 500. */
  readonly plainNames: Set<string>;
  onEnd(span: EndedSpan): void;
  /** The trace of this span is to be kept, sampled or not. */
  onKeep(span: RecordedSpan, reason: KeepReason): void;
}

export interface RecordedSpanOptions extends SpanContext {
  readonly parentSpanId: string;
  readonly localRoot: boolean;
  readonly name: string;
  readonly kind: SpanKind;
  readonly links: readonly SpanLink[];
  /** Default: now. */
  readonly startUnixMs?: number | undefined;
}

/** A span that is sampled or held by the flight recorder. It is its own finished form: ending it hands it over without a copy. */
export class RecordedSpan implements Span, EndedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly sampled: boolean;
  readonly randomTraceId: boolean;
  readonly kind: SpanKind;
  links: readonly SpanLink[] = noLinks;
  readonly attributes: Record<string, AttributeValue> = {};
  readonly events: SpanEvent[] = [];
  readonly startUnixMs: number;
  name: string;
  endUnixMs = 0;
  status: SpanStatus = 'unset';
  statusMessage = '';
  droppedAttributes = 0;
  droppedEvents = 0;
  droppedLinks = 0;
  #attributeCount = 0;
  /** Reading of the monotonic clock at the start; NaN when the start was given. */
  readonly #startedAtMs: number;
  readonly #localRoot: boolean;
  readonly #owner: SpanOwner;

  constructor(owner: SpanOwner, options: RecordedSpanOptions) {
    this.#owner = owner;
    this.traceId = options.traceId;
    this.spanId = options.spanId;
    this.parentSpanId = options.parentSpanId;
    this.traceState = options.traceState;
    this.sampled = options.sampled;
    this.randomTraceId = options.randomTraceId ?? false;
    this.#localRoot = options.localRoot;
    this.name = shownName(owner, options.name);
    this.kind = options.kind;
    this.#startedAtMs = options.startUnixMs === undefined ? performance.now() : Number.NaN;
    this.startUnixMs = options.startUnixMs ?? unixMsAt(this.#startedAtMs);
    for (const link of options.links) this.addLink(link);
  }

  get isRecording(): boolean {
    return this.endUnixMs === 0;
  }

  get localRoot(): boolean {
    return this.#localRoot;
  }

  /** Has the whole trace exported, whatever head sampling said. */
  keep(reason: KeepReason): void {
    this.#owner.onKeep(this, reason);
  }

  setAttribute(key: string, value: AttributeValue | undefined): this {
    if (value === undefined || !this.isRecording) return this;
    const { sanitiser } = this.#owner;
    const { shown, sensitive } = sanitiser.judgeKey(key);
    if (!Object.hasOwn(this.attributes, shown) && this.#attributeCount++ >= maximumAttributes) {
      this.droppedAttributes++;
      return this;
    }
    this.attributes[shown] = sensitive ? redacted : sanitiser.attributeValue(value);
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const key in attributes) this.setAttribute(key, attributes[key]);
    return this;
  }

  addEvent(name: string, attributes: Attributes = {}, timeUnixMs = this.#now()): this {
    if (!this.isRecording) return this;
    if (this.events.length >= maximumEvents) {
      this.droppedEvents++;
      return this;
    }
    const kept = this.#sanitise(attributes);
    this.events.push({ name: shownName(this.#owner, name), timeUnixMs, attributes: kept });
    return this;
  }

  addLink({ context, attributes = {} }: SpanLink): this {
    if (!this.isRecording) return this;
    if (this.links.length >= maximumLinks) {
      this.droppedLinks++;
      return this;
    }
    this.links = [...this.links, { context, attributes: this.#sanitise(attributes) }];
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
    if (this.isRecording) this.name = shownName(this.#owner, name);
    return this;
  }

  end(endUnixMs = this.#now()): void {
    if (!this.isRecording) return;
    if (this.status === 'error' && this.attributes.error_code === undefined) {
      this.setAttribute('error_code', errorCodeOf(this.attributes['error.type']));
    }
    this.endUnixMs = Math.max(endUnixMs, this.startUnixMs);
    this.#owner.onEnd(this);
  }

  /** On the span's own time line: a step of the wall clock while it runs does not change how long it took. */
  #now(): number {
    if (Number.isNaN(this.#startedAtMs)) return nowUnixMs();
    return this.startUnixMs + performance.now() - this.#startedAtMs;
  }

  /** Attributes of an event or a link: secrets replaced, the number bounded. */
  #sanitise(attributes: Attributes): Record<string, AttributeValue> {
    const kept: Record<string, AttributeValue> = {};
    const { sanitiser } = this.#owner;
    for (const [key, value] of Object.entries(attributes).slice(0, maximumAttributes)) {
      if (value !== undefined) kept[sanitiser.judgeKey(key).shown] = sanitiser.attribute(key, value);
    }
    return kept;
  }
}

/** Without secrets first, then cut: half of a secret is not recognised. */
function shownName({ sanitiser, plainNames }: SpanOwner, name: string): string {
  if (plainNames.has(name)) return name;
  const shown = sanitiser.redactText(name).slice(0, maximumNameLength);
  if (shown === name && plainNames.size < maximumPlainNames) plainNames.add(name);
  return shown;
}
