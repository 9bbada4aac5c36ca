import {
  type Span as ApiSpan,
  SpanKind as ApiSpanKind,
  type SpanOptions as ApiSpanOptions,
  type Tracer as ApiTracer,
  type Context,
  context as contextApi,
  INVALID_SPAN_CONTEXT,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import type { Telemetry } from '../telemetry.ts';
import type { Attributes, SpanContext, SpanKind } from '../traces/span.ts';
import { apiSpanOf, BridgedSpan, toSpanLink } from './api-span.ts';
import { toAttributes } from './attribute-value.ts';
import { isTracingSuppressed } from './propagator.ts';
import { fromApiSpanContext } from './span-context.ts';
import { toUnixMs } from './time.ts';

const kinds: Readonly<Record<ApiSpanKind, SpanKind>> = {
  [ApiSpanKind.INTERNAL]: 'internal',
  [ApiSpanKind.SERVER]: 'server',
  [ApiSpanKind.CLIENT]: 'client',
  [ApiSpanKind.PRODUCER]: 'producer',
  [ApiSpanKind.CONSUMER]: 'consumer',
};

/** Which telemetry stands behind the API at the moment; undefined before the first start and after a stop. */
export interface Backing {
  telemetry: Telemetry | undefined;
}

/**
 * Gives libraries tracers over our recorder. Libraries keep a tracer for good, so it asks for the telemetry that runs
 * at the moment each time it starts a span.
 */
export function createTracerProvider(backing: Backing): TracerProvider {
  return {
    getTracer: (name, version) => {
      const scope = {
        'otel.scope.name': name === '' ? undefined : name,
        'otel.scope.version': version === '' ? undefined : version,
      };
      return new BridgedTracer(backing, scope);
    },
  };
}

class BridgedTracer implements ApiTracer {
  readonly #backing: Backing;
  readonly #scope: Attributes;

  constructor(backing: Backing, scope: Attributes) {
    this.#backing = backing;
    this.#scope = scope;
  }

  startSpan(name: string, options: ApiSpanOptions = {}, context: Context = contextApi.active()): ApiSpan {
    const { telemetry } = this.#backing;
    const parent = options.root === true ? undefined : trace.getSpan(context);
    if (telemetry === undefined || isTracingSuppressed(context)) {
      return trace.wrapSpanContext(parent?.spanContext() ?? INVALID_SPAN_CONTEXT);
    }
    const { tracer, sanitiser } = telemetry;
    const started = tracer.startSpan(String(name), {
      parent: parentOf(parent) ?? null,
      kind: kinds[options.kind ?? ApiSpanKind.INTERNAL] ?? 'internal',
      startUnixMs: toUnixMs(options.startTime),
      prepare: (span) => fill(span, { options, scope: this.#scope, telemetry }),
      apiContext: options.root === true ? trace.deleteSpan(context) : context,
    });
    return apiSpanOf(started, sanitiser);
  }

  startActiveSpan<Run extends (span: ApiSpan) => unknown>(name: string, ...rest: unknown[]): ReturnType<Run> {
    const run = rest.at(-1) as Run;
    const options = rest.length > 1 ? (rest[0] as ApiSpanOptions) : {};
    const parent = rest.length > 2 ? (rest[1] as Context) : contextApi.active();
    const span = this.startSpan(name, options, parent);
    return contextApi.with(trace.setSpan(parent, span), () => run(span)) as ReturnType<Run>;
  }
}

/** Our own span object where it is one: what is not recorded then has no children either. */
function parentOf(parent: ApiSpan | undefined): SpanContext | undefined {
  return parent instanceof BridgedSpan ? parent.span : fromApiSpanContext(parent?.spanContext());
}

/** What only a span that is recorded has a use for. */
function fill(
  span: ReturnType<Telemetry['tracer']['startSpan']>,
  { options, scope, telemetry }: { options: ApiSpanOptions; scope: Attributes; telemetry: Telemetry },
): void {
  span.setAttributes(scope);
  span.setAttributes(toAttributes(options.attributes, telemetry.sanitiser));
  for (const link of options.links ?? []) {
    const own = toSpanLink(link, telemetry.sanitiser);
    if (own !== undefined) span.addLink(own);
  }
}
