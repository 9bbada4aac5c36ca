import type {
  SpanContext as ApiSpanContext,
  SpanKind as ApiSpanKind,
  Attributes,
  HrTime,
  Link,
  SpanStatus,
} from '@opentelemetry/api';
import type { Sanitiser } from '../privacy/sanitiser.ts';
import type { RecordedSpan } from '../traces/recorded-span.ts';
import { BridgedSpan } from './api-span.ts';
import { type ReadableResource, type ReadableSpan, toReadableSpan } from './readable-span.ts';

/**
 * A span that has just started, as processors of the OpenTelemetry SDK's kind take it: it can be written to, and read as
 * it stands at the moment.
 */
export class StartedSpan extends BridgedSpan implements ReadableSpan {
  readonly #recorded: RecordedSpan;
  readonly resource: ReadableResource;

  constructor(
    span: RecordedSpan,
    { sanitiser, resource }: { sanitiser: Sanitiser; resource: ReadableResource },
  ) {
    super(span, sanitiser);
    this.#recorded = span;
    this.resource = resource;
  }

  get name(): string {
    return this.#recorded.name;
  }

  get kind(): ApiSpanKind {
    return this.#read().kind;
  }

  get parentSpanContext(): ApiSpanContext {
    return this.#read().parentSpanContext as ApiSpanContext;
  }

  get startTime(): HrTime {
    return this.#read().startTime;
  }

  get endTime(): HrTime {
    return this.#read().endTime;
  }

  get duration(): HrTime {
    return this.ended ? this.#read().duration : [0, 0];
  }

  get ended(): boolean {
    return !this.#recorded.isRecording;
  }

  get status(): SpanStatus {
    return this.#read().status;
  }

  get attributes(): Attributes {
    return this.#read().attributes;
  }

  get links(): Link[] {
    return this.#read().links;
  }

  get events(): ReadableSpan['events'] {
    return this.#read().events;
  }

  get instrumentationScope(): ReadableSpan['instrumentationScope'] {
    return this.#read().instrumentationScope;
  }

  get droppedAttributesCount(): number {
    return this.#recorded.droppedAttributes;
  }

  get droppedEventsCount(): number {
    return this.#recorded.droppedEvents;
  }

  get droppedLinksCount(): number {
    return this.#recorded.droppedLinks;
  }

  #read(): ReadableSpan {
    return toReadableSpan(this.#recorded, this.resource);
  }
}
