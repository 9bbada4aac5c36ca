import type { RowOf } from './columns.ts';
import type { SpanColumns } from './encode.ts';
import { STATUS_ERROR } from './enumerations.ts';

type SpanRow = RowOf<SpanColumns>;

/** A row of the trace index. */
export interface TraceEntry {
  traceHigh: bigint;
  traceLow: bigint;
  firstSequence: bigint;
  lastSequence: bigint;
  lastStartNano: bigint;
  spans: number;
  errors: number;
  service: string;
}

/** Gathers one transaction's rows of the trace index: one for each trace and service. */
export class TraceEntries {
  readonly #entries = new Map<string, TraceEntry>();

  add(span: SpanRow, sequence: bigint): void {
    const key = `${span.traceHigh} ${span.traceLow} ${span.service}`;
    const entry = this.#entries.get(key) ?? emptyEntry(span, sequence);
    this.#entries.set(key, entry);
    entry.lastSequence = sequence;
    if (span.startNano > entry.lastStartNano) entry.lastStartNano = span.startNano;
    entry.spans += 1;
    if (span.status === STATUS_ERROR) entry.errors += 1;
  }

  values(): IterableIterator<TraceEntry> {
    return this.#entries.values();
  }
}

function emptyEntry(span: SpanRow, sequence: bigint): TraceEntry {
  return {
    traceHigh: span.traceHigh,
    traceLow: span.traceLow,
    firstSequence: sequence,
    lastSequence: sequence,
    lastStartNano: span.startNano,
    spans: 0,
    errors: 0,
    service: span.service,
  };
}
