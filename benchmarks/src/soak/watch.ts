import { openFiles, residentBytes, scrape } from '../../../tests/src/faults/harness/footprint.ts';

/** What the gateway held at a moment. */
export interface Sample {
  readonly seconds: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
  readonly openFiles: number;
  readonly series: number;
  readonly callsInFlight: number;
}

/** Looks at a running gateway. */
export async function takeSample(
  { pid, url }: { pid: number; url: string },
  startedAt: number,
): Promise<Sample> {
  const metrics = await scrape(url);
  return {
    seconds: (performance.now() - startedAt) / 1000,
    residentBytes: residentBytes(pid),
    heapBytes: metrics.sum('nodejs_heap_size_used_bytes'),
    openFiles: openFiles(pid),
    series: metrics.series.length,
    callsInFlight: metrics.sum('ibex_proxy_calls_in_flight'),
  };
}

type Amount = Exclude<keyof Sample, 'seconds'>;

/** How much of something came in a minute: the slope of the line that fits best (least squares). */
export function slopePerMinute(samples: readonly Sample[], amount: Amount): number {
  const count = samples.length;
  const meanSeconds = samples.reduce((sum, { seconds }) => sum + seconds, 0) / count;
  const mean = samples.reduce((sum, sample) => sum + sample[amount], 0) / count;
  let [covariance, variance] = [0, 0];
  for (const sample of samples) {
    const distance = sample.seconds - meanSeconds;
    covariance += distance * (sample[amount] - mean);
    variance += distance * distance;
  }
  return variance === 0 ? 0 : (covariance / variance) * 60;
}
