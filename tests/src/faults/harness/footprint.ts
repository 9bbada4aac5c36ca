import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { eventually } from '../../support/eventually.ts';
import { send } from './client.ts';
import { Exposition } from './exposition.ts';

const calmTimeoutMs = 30_000;
const calmReads = 3;

/** What a process holds at a moment when nobody asks anything of it. */
export interface Footprint {
  readonly openFiles: number;
  readonly series: readonly string[];
}

/** What a running service is watched by. */
export interface Watched {
  readonly pid: number;
  /** Of the HTTP server with `/metrics`. */
  readonly url: string;
  /** Whether that server is another one than the clients': asking it is then no connection that is counted. */
  readonly metricsApart?: boolean;
}

/** File descriptors of a process: sockets, pipes and files. */
export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** How many files a process started here may open; Node raises its soft limit to the hard one. */
export function openFilesLimit(): number {
  const [, , hard = ''] =
    /^Max open files\s+(\S+)\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  return hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard);
}

/** Memory of a process that lies in RAM, in bytes. */
export function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

/** What `/metrics` says now, asked on a connection of its own. */
export async function scrape(url: string): Promise<Exposition> {
  const { status, body } = await send(`${url}/metrics`);
  assert.equal(status, 200);
  return new Exposition(body);
}

/** Waits until nothing is under way: no call, and no connection but the one that asks. */
async function untilIdle({ url, metricsApart = false }: Watched): Promise<Exposition> {
  return eventually(
    async () => {
      const metrics = await scrape(url);
      const underWay = {
        calls: metrics.sum('ibex_proxy_calls_in_flight'),
        connections: metrics.sum('ibex_proxy_active_connections'),
      };
      assert.deepEqual(underWay, { calls: 0, connections: metricsApart ? 0 : 1 });
      return metrics;
    },
    { timeoutMs: calmTimeoutMs, what: 'an idle gateway' },
  );
}

/** The footprint once everything is idle and nothing is opened or closed any more. */
export async function calmFootprint(watched: Watched): Promise<Footprint> {
  // Twice: the series of asking itself are there from the second time on.
  await untilIdle(watched);
  const metrics = await untilIdle(watched);
  let [last, same] = [-1, 0];
  await eventually(
    () => {
      const now = openFiles(watched.pid);
      same = now === last ? same + 1 : 0;
      last = now;
      return same >= calmReads || undefined;
    },
    { timeoutMs: calmTimeoutMs, intervalMs: 100, what: 'a calm number of open files' },
  );
  return { openFiles: last, series: metrics.series };
}

/** Waits until the process holds no more than it did: idle, as few open files, the same series. */
export async function assertNothingLeft(watched: Watched, before: Footprint): Promise<void> {
  const metrics = await untilIdle(watched);
  const known = new Set(before.series);
  assert.deepEqual(
    metrics.series.filter((series) => !known.has(series)),
    [],
    'no new series',
  );
  await eventually(
    () => {
      const now = openFiles(watched.pid);
      assert.ok(now <= before.openFiles, `${now} open files, ${before.openFiles} before`);
      return true;
    },
    { timeoutMs: calmTimeoutMs, intervalMs: 100 },
  );
}
