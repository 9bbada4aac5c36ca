import {
  type Attributes as ApiAttributes,
  type Link as ApiLink,
  type Span as ApiSpan,
  type SpanContext as ApiSpanContext,
  type Context,
  type Exception,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
  trace,
} from '@opentelemetry/api';
import type { Sanitiser } from '../privacy/sanitiser.ts';
import { nowUnixMs } from '../traces/clock.ts';
import { exceptionAttributes } from '../traces/exception.ts';
import { RecordedSpan } from '../traces/recorded-span.ts';
import type { Attributes, Span, SpanContext, SpanLink } from '../traces/span.ts';
import { isAttributeKey, toAttributes, toAttributeValue } from './attribute-value.ts';
import { CarriedSpan } from './carried-span.ts';
import { fromApiSpanContext, toApiSpanContext } from './span-context.ts';
import { isTimeInput, toUnixMs } from './time.ts';

/** One of our spans as the API shows it to libraries. Two of the same span are the same object: see `apiSpanOf`. */
export class BridgedSpan implements ApiSpan {
  readonly span: Span;
  readonly #sanitiser: Sanitiser;
  #context: ApiSpanContext | undefined;

  constructor(span: Span, sanitiser: Sanitiser) {
    this.span = span;
    this.#sanitiser = sanitiser;
  }

  spanContext(): ApiSpanContext {
    this.#context ??= toApiSpanContext(this.span, this.span instanceof CarriedSpan);
    return this.#context;
  }

  isRecording(): boolean {
    return this.span.isRecording;
  }

  setAttribute(key: string, value: unknown): this {
    if (!this.span.isRecording || !isAttributeKey(key)) return this;
    this.span.setAttribute(key, toAttributeValue(value, this.#sanitiser));
    return this;
  }

  setAttributes(attributes: ApiAttributes): this {
    if (this.span.isRecording) this.span.setAttributes(toAttributes(attributes, this.#sanitiser));
    return this;
  }

  addEvent(name: string, attributesOrTime?: ApiAttributes | TimeInput, time?: TimeInput): this {
    if (!this.span.isRecording) return this;
    const onlyTime = isTimeInput(attributesOrTime);
    const attributes = onlyTime ? {} : toAttributes(attributesOrTime, this.#sanitiser);
    const unixMs = toUnixMs(onlyTime ? attributesOrTime : time);
    this.span.addEvent(String(name), attributes, unixMs);
    return this;
  }

  addLink(link: ApiLink): this {
    const own = this.span.isRecording ? toSpanLink(link, this.#sanitiser) : undefined;
    if (own !== undefined) this.span.addLink(own);
    return this;
  }

  addLinks(links: readonly ApiLink[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  setStatus({ code, message }: SpanStatus): this {
    if (code === SpanStatusCode.OK) this.span.setStatus('ok');
    else if (code === SpanStatusCode.ERROR) this.span.setStatus('error', message);
    return this;
  }

  updateName(name: string): this {
    if (this.span.isRecording) this.span.updateName(String(name));
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    if (!this.span.isRecording) return;
    const attributes = exceptionEventAttributes(exception);
    if (attributes !== undefined) this.span.addEvent('exception', attributes, toUnixMs(time) ?? nowUnixMs());
  }

  end(endTime?: TimeInput): void {
    this.span.end(toUnixMs(endTime));
  }
}

/** The API allows objects that only look like errors; one without code, name and message says nothing. */
function exceptionEventAttributes(exception: Exception): Attributes | undefined {
  if (exception instanceof Error) return exceptionAttributes(exception);
  if (typeof exception === 'string') return { 'exception.message': exception };
  if (typeof exception !== 'object' || exception === null) return undefined;
  const { code, name, message, stack } = exception;
  const type = code === undefined ? name : String(code);
  if (type === undefined && message === undefined) return undefined;
  return { 'exception.type': type, 'exception.message': message, 'exception.stacktrace': stack };
}

/** A link in our form; undefined when what it points at has no valid ids. */
export function toSpanLink({ context, attributes }: ApiLink, sanitiser: Sanitiser): SpanLink | undefined {
  const own = fromApiSpanContext(context);
  return own && { context: own, attributes: toAttributes(attributes, sanitiser) };
}

const bridged = new WeakMap<Span, BridgedSpan>();

/** The API's view of one of our spans. */
export function apiSpanOf(span: Span, sanitiser: Sanitiser): BridgedSpan {
  const existing = bridged.get(span);
  if (existing !== undefined) return existing;
  const created = new BridgedSpan(span, sanitiser);
  bridged.set(span, created);
  return created;
}

/** Our span behind one of the API; a foreign one with valid ids is carried, any other is none. */
export function spanOf(apiSpan: ApiSpan | undefined): Span | undefined {
  if (apiSpan === undefined) return undefined;
  if (apiSpan instanceof BridgedSpan) return apiSpan.span;
  const context = fromApiSpanContext(apiSpan.spanContext());
  return context && new CarriedSpan(context);
}

/** A context in which the parent of a span is the active one. */
export function withParent(
  context: Context,
  { parent, sanitiser }: { parent: SpanContext | undefined; sanitiser: Sanitiser },
): Context {
  if (parent === undefined) return trace.deleteSpan(context);
  return parent instanceof RecordedSpan
    ? trace.setSpan(context, apiSpanOf(parent, sanitiser))
    : trace.setSpanContext(context, toApiSpanContext(parent, true));
}
