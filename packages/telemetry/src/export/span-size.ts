import type { Attributes, AttributeValue, FinishedSpan } from '../traces/span.ts';
import { EncodedSpan } from './encoded-span.ts';

/** Ids, times, numbers and flags of a span, with their tags. */
const fixedBytes = 96;
const fixedBytesOfEvent = 16;
const fixedBytesOfLink = 40;
/** Tags and lengths around one attribute. */
const bytesAroundAttribute = 8;
const bytesOfNumber = 9;

/**
 * What a span takes, in bytes: exact where it is encoded, else an estimate that costs no encoding. Texts count one byte
 * for each UTF-16 unit, so that the encoded form is never more than three times as long.
 */
export function estimateBytes(span: FinishedSpan): number {
  if (span instanceof EncodedSpan) return span.bytes.length;
  let bytes = fixedBytes + span.name.length + span.traceState.length + span.statusMessage.length;
  bytes += bytesOfAttributes(span.attributes);
  for (const { name, attributes } of span.events) {
    bytes += fixedBytesOfEvent + name.length + bytesOfAttributes(attributes);
  }
  for (const { context, attributes } of span.links) {
    bytes += fixedBytesOfLink + context.traceState.length;
    if (attributes !== undefined) bytes += bytesOfAttributes(attributes);
  }
  return bytes;
}

function bytesOfAttributes(attributes: Attributes): number {
  let bytes = 0;
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) bytes += key.length + bytesAroundAttribute + bytesOfValue(value);
  }
  return bytes;
}

function bytesOfValue(value: AttributeValue): number {
  if (typeof value === 'string') return value.length;
  if (typeof value === 'number' || typeof value === 'boolean') return bytesOfNumber;
  let bytes = 0;
  for (const item of value) bytes += bytesAroundAttribute + bytesOfValue(item);
  return bytes;
}
