import {
  type SpanContext as ApiSpanContext,
  SpanKind as ApiSpanKind,
  type Attributes,
  type HrTime,
  type Link,
  type SpanStatus,
  SpanStatusCode,
} from '@opentelemetry/api';
import type { Resource } from '../export/encode.ts';
import type { FinishedSpan, SpanContext } from '../traces/span.ts';
import { toApiSpanContext } from './span-context.ts';
import { toHrTime } from './time.ts';

/** A resource as the OpenTelemetry SDK's exporters read it. */
export interface ReadableResource {
  readonly attributes: Attributes;
  merge(other: ReadableResource | null): ReadableResource;
  getRawAttributes(): [string, unknown][];
}

/** A finished span in the form that processors and exporters of the OpenTelemetry SDK take. */
export interface ReadableSpan {
  readonly name: string;
  readonly kind: ApiSpanKind;
  readonly spanContext: () => ApiSpanContext;
  readonly parentSpanContext?: ApiSpanContext;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly duration: HrTime;
  readonly ended: boolean;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly links: Link[];
  readonly events: { name: string; time: HrTime; attributes: Attributes; droppedAttributesCount: number }[];
  readonly resource: ReadableResource;
  readonly instrumentationScope: { readonly name: string; readonly version?: string };
  readonly droppedAttributesCount: number;
  readonly droppedEventsCount: number;
  readonly droppedLinksCount: number;
}

const kinds = {
  internal: ApiSpanKind.INTERNAL,
  server: ApiSpanKind.SERVER,
  client: ApiSpanKind.CLIENT,
  producer: ApiSpanKind.PRODUCER,
  consumer: ApiSpanKind.CONSUMER,
} as const;
const statuses = { unset: SpanStatusCode.UNSET, ok: SpanStatusCode.OK, error: SpanStatusCode.ERROR } as const;
const ownScope = '@ibex/telemetry';

export function toReadableResource(resource: Resource): ReadableResource {
  return {
    attributes: resource,
    merge: (other) => toReadableResource({ ...resource, ...(other?.attributes as Resource | undefined) }),
    getRawAttributes: () => Object.entries(resource),
  };
}

function idsOf({ traceId, spanId, traceState }: FinishedSpan): Omit<SpanContext, 'sampled'> {
  return { traceId, spanId, traceState };
}

/** Copies a finished span into the SDK's form. What is exported is sampled, whenever that was decided. */
export function toReadableSpan(span: FinishedSpan, resource: ReadableResource): ReadableSpan {
  const context = toApiSpanContext({ ...idsOf(span), sampled: true });
  const version = span.attributes['otel.scope.version'];
  return {
    name: span.name,
    kind: kinds[span.kind],
    spanContext: () => context,
    ...(span.parentSpanId === '' ? {} : { parentSpanContext: { ...context, spanId: span.parentSpanId } }),
    startTime: toHrTime(span.startUnixMs),
    endTime: toHrTime(span.endUnixMs),
    duration: toHrTime(span.endUnixMs - span.startUnixMs),
    ended: true,
    status: {
      code: statuses[span.status],
      ...(span.statusMessage === '' ? {} : { message: span.statusMessage }),
    },
    attributes: { ...span.attributes },
    links: span.links.map((link) => ({
      context: toApiSpanContext(link.context),
      attributes: { ...link.attributes },
    })),
    events: span.events.map(({ name, timeUnixMs, attributes }) => ({
      name,
      time: toHrTime(timeUnixMs),
      attributes: { ...attributes },
      droppedAttributesCount: 0,
    })),
    resource,
    instrumentationScope: {
      name: String(span.attributes['otel.scope.name'] ?? ownScope),
      ...(version === undefined ? {} : { version: String(version) }),
    },
    droppedAttributesCount: span.droppedAttributes,
    droppedEventsCount: span.droppedEvents,
    droppedLinksCount: span.droppedLinks ?? 0,
  };
}
