import { decodeSpan } from '../flight-recorder/decode-span.ts';
import type { FinishedSpan } from '../traces/span.ts';
import { encodeWholeSpan } from './encode.ts';
import { EncodedSpan } from './encoded-span.ts';

/**
 * A span as OTLP exporters hold it until its batch leaves: bytes outside of the heap, where the recorded one would be
 * copied from generation to generation with all its texts.
 */
export function holdEncoded(span: FinishedSpan): FinishedSpan {
  return span instanceof EncodedSpan ? span : new EncodedSpan(encodeWholeSpan(span), decodeSpan);
}
