/** Lower-case hex of at most 16 digits as a number; empty text is 0, which no valid identifier is. */
export function parseHex(text: string): bigint {
  return text === '' ? 0n : BigInt(`0x${text}`);
}

/** The halves of a trace id of 32 digits. */
export function splitTraceId(traceId: string): { high: bigint; low: bigint } {
  return { high: parseHex(traceId.slice(0, 16)), low: parseHex(traceId.slice(16)) };
}

/** 16 digits, or empty text for 0. */
export function formatSpanId(id: bigint): string {
  return id === 0n ? '' : hex16(id);
}

/** 32 digits, or empty text for 0. */
export function formatTraceId({ high, low }: { high: bigint; low: bigint }): string {
  return high === 0n && low === 0n ? '' : hex16(high) + hex16(low);
}

function hex16(value: bigint): string {
  return value.toString(16).padStart(16, '0');
}
