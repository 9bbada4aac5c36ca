import type { Span } from './waterfall-layout.ts';

/** Positions of the spans whose name, service, ids, status message, attributes or events hold the text, any case. */
export function findInTrace(spans: readonly Span[], text: string): number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const found: number[] = [];
  spans.forEach((span, position) => {
    if (haystackOf(span).includes(wanted)) found.push(position);
  });
  return found;
}

const haystacks = new WeakMap<Span, string>();

function haystackOf(span: Span): string {
  const present = haystacks.get(span);
  if (present !== undefined) return present;
  const { name, serviceName, spanId, statusMessage, attributes, events } = span;
  const pairs = Object.entries(attributes).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const text = [name, serviceName, spanId, statusMessage, ...pairs, JSON.stringify(events)]
    .join('\n')
    .toLowerCase();
  haystacks.set(span, text);
  return text;
}
