import { performance } from 'node:perf_hooks';

const reanchorAfterMs = 10_000;
let originUnixMs = performance.timeOrigin;
let anchoredAtMs = Number.NEGATIVE_INFINITY;

/**
 * Unix milliseconds with a fraction for a reading of `performance.now()` taken just now. Monotonic between re-anchorings
 * to the wall clock, which happen every ten seconds so that a suspended or stepped clock does not shift spans for the
 * rest of the process's life.
 */
export function unixMsAt(elapsedMs: number): number {
  if (elapsedMs - anchoredAtMs > reanchorAfterMs) {
    anchoredAtMs = elapsedMs;
    const drift = Date.now() - (originUnixMs + elapsedMs);
    if (Math.abs(drift) > 2) originUnixMs += drift;
  }
  return originUnixMs + elapsedMs;
}

/** Unix milliseconds with a fraction, now. */
export function nowUnixMs(): number {
  return unixMsAt(performance.now());
}
