import { AssertionError } from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { Attributes, FinishedSpan, SpanKind, SpanStatus } from '../traces/span.ts';

/** What is expected of a span; what is left out may be anything. */
export interface ExpectedSpan {
  readonly name: string;
  readonly kind?: SpanKind;
  readonly status?: SpanStatus;
  /** Attributes it must have with these values; undefined is one it must not have. */
  readonly attributes?: Attributes;
  /** Names of events it must have, in this order. */
  readonly events?: readonly string[];
  /** Spans that must be its children, each a different one, in any order. Others may be there. */
  readonly children?: readonly ExpectedSpan[];
}

/**
 * Asserts that a span is among those that were exported, with its children below it, and gives it back.
 *
 * @example
 * ```ts
 * assertSpan(exporter.spans, {
 *   name: 'POST /v1/orders',
 *   attributes: { 'http.response.status_code': 201 },
 *   children: [{ name: 'db.insert', kind: 'client' }],
 * });
 * ```
 * @throws {AssertionError} naming what is missing of the span that comes nearest, and the names of all.
 */
export function assertSpan(spans: readonly FinishedSpan[], expected: ExpectedSpan): FinishedSpan {
  const named = spans.filter(({ name }) => name === expected.name);
  const faults = named.map((span) => faultsOf(span, { spans, expected }));
  const index = faults.findIndex((found) => found.length === 0);
  const match = named[index];
  if (match !== undefined) return match;
  const nearest = faults.toSorted((left, right) => left.length - right.length)[0];
  const reason =
    nearest === undefined
      ? `There are: ${[...new Set(spans.map(({ name }) => name))].join(', ') || 'none'}.`
      : `The nearest differs:\n${nearest.map((fault) => `- ${fault}`).join('\n')}`;
  const message = `No span "${expected.name}" is as expected. ${reason}`;
  throw new AssertionError({ message, actual: named, expected, stackStartFn: assertSpan });
}

interface Comparison {
  readonly spans: readonly FinishedSpan[];
  readonly expected: ExpectedSpan;
}

function faultsOf(span: FinishedSpan, { spans, expected }: Comparison): string[] {
  const faults: string[] = [];
  const compare = (what: string, actual: unknown, wanted: unknown) => {
    if (!isDeepStrictEqual(actual, wanted)) {
      faults.push(`${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(wanted)}`);
    }
  };
  if (expected.kind !== undefined) compare('kind', span.kind, expected.kind);
  if (expected.status !== undefined) compare('status', span.status, expected.status);
  for (const [key, value] of Object.entries(expected.attributes ?? {})) {
    compare(`attribute ${key}`, span.attributes[key], value);
  }
  if (expected.events !== undefined) {
    compare(
      'events',
      span.events.map(({ name }) => name),
      expected.events,
    );
  }
  return [...faults, ...missingChildren(span, { spans, expected })];
}

/** Children are few, so each is given the first span that fits and is not yet taken. */
function missingChildren(parent: FinishedSpan, { spans, expected }: Comparison): string[] {
  const free = new Set(
    spans.filter(({ traceId, parentSpanId }) => traceId === parent.traceId && parentSpanId === parent.spanId),
  );
  const faults: string[] = [];
  for (const child of expected.children ?? []) {
    const candidates = [...free].filter(({ name }) => name === child.name);
    const found = candidates.map((span) => ({ span, faults: faultsOf(span, { spans, expected: child }) }));
    const match = found.find((each) => each.faults.length === 0);
    if (match !== undefined) free.delete(match.span);
    else
      faults.push(...(found[0]?.faults ?? ['is missing']).map((fault) => `child "${child.name}": ${fault}`));
  }
  return faults;
}
