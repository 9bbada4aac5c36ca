import { readFields } from '../harness/wire-fields.ts';

const resourceSpansField = 1;
const scopeSpansField = 2;
const spansField = 2;

/** Spans in an ExportTraceServiceRequest, counted without decoding them. */
export function countSpans(request: Buffer): number {
  let spans = 0;
  for (const resource of readFields(request)) {
    if (resource.number !== resourceSpansField) continue;
    for (const scope of readFields(resource.bytes)) {
      if (scope.number !== scopeSpansField) continue;
      for (const { number } of readFields(scope.bytes)) if (number === spansField) spans++;
    }
  }
  return spans;
}
