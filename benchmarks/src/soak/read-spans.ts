import { readFields } from '../harness/wire-fields.ts';

/** What a span says that others count as well. */
export interface ReadSpan {
  readonly name: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const resourceSpansField = 1;
const scopeSpansField = 2;
const spansField = 2;
const nameField = 5;
const attributesField = 9;
const keyField = 1;
const valueField = 2;
const integerField = 3;

function children(message: Buffer, number: number): Buffer[] {
  return [...readFields(message)].filter((field) => field.number === number).map(({ bytes }) => bytes);
}

function addAttribute(numbers: Map<string, number>, attribute: Buffer): void {
  const [key] = children(attribute, keyField);
  const [value] = children(attribute, valueField);
  if (key === undefined || value === undefined) return;
  for (const { number, varint } of readFields(value)) {
    if (number === integerField) numbers.set(key.toString(), varint);
  }
}

function readSpan(span: Buffer): ReadSpan {
  const name = children(span, nameField)[0]?.toString() ?? '';
  const numbers = new Map<string, number>();
  if (name.startsWith('provider.generate')) {
    for (const attribute of children(span, attributesField)) addAttribute(numbers, attribute);
  }
  return {
    name,
    inputTokens: numbers.get('provider.input_tokens') ?? 0,
    outputTokens: numbers.get('provider.output_tokens') ?? 0,
  };
}

/** The spans of an ExportTraceServiceRequest, read only as far as they are needed: the load must not be the one that is slow. */
export function* readSpans(request: Buffer): Generator<ReadSpan> {
  for (const resource of children(request, resourceSpansField)) {
    for (const scope of children(resource, scopeSpansField)) {
      for (const span of children(scope, spansField)) yield readSpan(span);
    }
  }
}
