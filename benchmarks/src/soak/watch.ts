import { openFiles, residentBytes, scrape } from '../../../tests/src/faults/harness/footprint.ts';

/** What the gateway held at a moment. */
export interface Sample {
  readonly seconds: number;
  readonly residentBytes: number;
  /** Undefined while auth is away. */
  readonly authResidentBytes: number | undefined;
  readonly heapBytes: number;
  readonly openFiles: number;
  readonly series: number;
  readonly callsInFlight: number;
}

/** What is looked at. */
export interface Observed {
  readonly pid: number;
  /** Of the proxy's `/metrics`. */
  readonly url: string;
  /** Of the present auth process; undefined while it is away. */
  authPid(): number | undefined;
}

/** Looks at a running gateway. */
export async function takeSample(observed: Observed, startedAt: number): Promise<Sample> {
  const { pid, url } = observed;
  const metrics = await scrape(url);
  const authPid = observed.authPid();
  return {
    seconds: (performance.now() - startedAt) / 1000,
    residentBytes: residentBytes(pid),
    authResidentBytes: authPid === undefined ? undefined : residentBytes(authPid),
    heapBytes: metrics.sum('nodejs_heap_size_used_bytes'),
    openFiles: openFiles(pid),
    series: metrics.series.length,
    callsInFlight: metrics.sum('ibex_proxy_calls_in_flight'),
  };
}
