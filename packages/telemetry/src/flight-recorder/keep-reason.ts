/**
 * Why a trace is kept: a request ended with an error or a status of 500 or more, took longer than its route's
 * objective, or was marked by `keep(reason)`.
 */
export type KeepReason = 'error' | 'slow' | 'status' | `marked:${string}`;

/** The attribute of the local root span that says why its trace was kept. */
export const keepReasonAttribute = 'ibex.keep_reason';
/** The response header and gRPC trailer that carry the verdict to the caller. */
export const keepHeader = 'x-ibex-keep';

const maximumMarkLength = 64;
const reasonPattern = /^(?:error|slow|status|marked:[a-z0-9_.-]{1,64})$/;
const traceIdPattern = /^(?!0{32})[0-9a-f]{32}$/;

/** The reason for a request marked by hand: lower case, anything but letters, digits, `_`, `.` and `-` becomes `_`. */
export function markedReason(mark: string): KeepReason {
  const text = mark
    .slice(0, maximumMarkLength)
    .toLowerCase()
    .replace(/[^a-z0-9_.-]/g, '_');
  return `marked:${text === '' ? 'unnamed' : text}`;
}

/** A reason that came from another process; undefined when it is none. */
export function parseKeepReason(value: unknown): KeepReason | undefined {
  return typeof value === 'string' && reasonPattern.test(value) ? (value as KeepReason) : undefined;
}

export function isTraceId(value: unknown): value is string {
  return typeof value === 'string' && traceIdPattern.test(value);
}

/** The reason as metrics name it. */
export function reasonLabel(reason: KeepReason): 'error' | 'slow' | 'status' | 'marked' {
  return reason === 'error' || reason === 'slow' || reason === 'status' ? reason : 'marked';
}
