import { setTimeout as sleep } from 'node:timers/promises';
import { get, jsonOf, type Reply } from '../network/get.ts';
import { doctorMetric, doctorService, type Signal, type TestRecords } from './test-records.ts';

export interface QueryApi {
  readonly url: string;
  readonly token: string;
}

/** `found`; or, in words, why a record could not be found. */
export type Confirmation = 'found' | { readonly reason: string; readonly isRefused: boolean };

const arrivesWithinMs = 5_000;
const pollMs = 150;

/** Asks the query API for a test record until it is there or time is up. */
export async function confirm(
  signal: Signal,
  { records, api, abort }: { records: TestRecords; api: QueryApi; abort: AbortSignal },
): Promise<Confirmation> {
  const deadline = performance.now() + arrivesWithinMs;
  let last = 'it was not asked for';
  while (performance.now() < deadline && !abort.aborted) {
    const reply = await get(`${api.url}${pathOf(signal, records)}`, {
      signal: abort,
      headers: { authorization: `Bearer ${api.token}` },
    });
    if (typeof reply === 'string') return { reason: reply, isRefused: false };
    if (reply.status === 401 || reply.status === 403)
      return { reason: `HTTP ${reply.status}`, isRefused: true };
    if (isThere(signal, { reply, records })) return 'found';
    last = reply.status === 200 || reply.status === 404 ? 'it has not arrived' : `HTTP ${reply.status}`;
    await sleep(pollMs);
  }
  return { reason: `${last} after ${arrivesWithinMs / 1000} s`, isRefused: false };
}

function pathOf(signal: Signal, { traceId, timeUnixMs }: TestRecords): string {
  if (signal === 'traces') return `/api/v1/traces/${traceId}`;
  const range = { start: String(timeUnixMs - 60_000), end: String(timeUnixMs + 60_000) };
  if (signal === 'logs') {
    return `/api/v1/logs?${new URLSearchParams({ ...range, service: doctorService, traceId })}`;
  }
  return `/api/v1/metrics/${doctorMetric}/range?${new URLSearchParams({ ...range, stepSeconds: '1' })}`;
}

function isThere(signal: Signal, { reply, records }: { reply: Reply; records: TestRecords }): boolean {
  if (reply.status !== 200) return false;
  const body = jsonOf(reply);
  if (signal === 'traces') return Array.isArray(body.spans) && body.spans.length > 0;
  if (signal === 'logs') return Array.isArray(body.logs) && body.logs.length > 0;
  // The range's steps carry the last value on: one that is not older than ours is ours, or a later check's.
  const series = (body.series ?? []) as { points: readonly (readonly [number, number | null])[] }[];
  return series.some(({ points }) =>
    points.some(([, value]) => value !== null && value >= records.value - 0.001),
  );
}
