import { encodeAttribute } from '../export/encode.ts';
import { EncodedSpan } from '../export/encoded-span.ts';
import { decodeSpan } from './decode-span.ts';
import { expandKeys } from './expand-keys.ts';
import { type KeepReason, keepReasonAttribute } from './keep-reason.ts';
import type { RingSpan } from './span-ring.ts';

/** A span out of the ring as exporters take it; the local root says why its trace was kept. */
export function recoverSpan({ bytes, localRoot }: RingSpan, reason: KeepReason): EncodedSpan {
  // Protobuf joins repeated fields wherever they stand, so one more attribute can follow everything else.
  const span = expandKeys(bytes);
  const whole = localRoot ? Buffer.concat([span, encodeAttribute(keepReasonAttribute, reason)]) : span;
  return new EncodedSpan(whole, decodeSpan);
}
