/** A span as an exporter wrote it or the collector keeps it. */
export interface CapturedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: string;
  readonly status: string;
  readonly statusMessage: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly {
    readonly name: string;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
  readonly resource: Readonly<Record<string, unknown>>;
}

type Table = Readonly<Record<string, unknown>>;

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function table(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {};
}

/** Reads a span from its JSON; what is missing is empty, and the checks will say so. */
export function readSpan(value: Table): CapturedSpan {
  const events = Array.isArray(value.events) ? value.events.map(table) : [];
  return {
    traceId: text(value.traceId),
    spanId: text(value.spanId),
    parentSpanId: text(value.parentSpanId),
    name: text(value.name),
    kind: text(value.kind),
    status: text(value.status),
    statusMessage: text(value.statusMessage),
    attributes: table(value.attributes),
    events: events.map((event) => ({ name: text(event.name), attributes: table(event.attributes) })),
    resource: table(value.resource),
  };
}
