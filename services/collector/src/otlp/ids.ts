const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;
const ZERO_TRACE_ID = '0'.repeat(32);
const ZERO_SPAN_ID = '0'.repeat(16);

/** True for 16 bytes in lower-case hex that are not all zero. */
export function isTraceId(text: string): boolean {
  return TRACE_ID.test(text) && text !== ZERO_TRACE_ID;
}

/** True for 8 bytes in lower-case hex that are not all zero. */
export function isSpanId(text: string): boolean {
  return SPAN_ID.test(text) && text !== ZERO_SPAN_ID;
}

/** True when an optional span id says "none": absent, or all zero as some senders write it. */
export function isNoSpanId(text: string): boolean {
  return text === '' || text === ZERO_SPAN_ID;
}

/** An identifier for an error message: short, and quoted. */
export function shownId(text: string): string {
  const shown = `'${excerpt(text, 40)}'`;
  return text.length <= 40 ? shown : `${shown} of ${text.length} characters`;
}

import { excerpt } from '@ibex/telemetry/privacy';
