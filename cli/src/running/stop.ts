import { scrapeNow } from './last-scrape.ts';
import type { Product } from './product.ts';

/** Milliseconds after the wish to stop by which each step is over; 5 s is the promise to the user. */
const stepsMs = { scrape: 400, callers: 3_200, auth: 3_900, logs: 4_200, collector: 4_850 } as const;

/**
 * Stops everything in order, so that nothing is lost: the last metrics are fetched, those that take requests stop, then
 * auth, then the last log lines are acknowledged, then the collector stops.
 *
 * @returns What did not go as it should, a sentence each.
 */
export async function stopProduct(product: Product): Promise<string[]> {
  const { fleet, shipper, pipeline, urls, queryToken } = product;
  const startedAtMs = performance.now();
  const until = (stepMs: number) => ({ deadlineMs: startedAtMs + stepMs });
  if (fleet.isRunning)
    await scrapeNow({ collectorUrl: urls.collector, queryToken, timeoutMs: stepsMs.scrape });
  const killed = [
    ...(await fleet.stop(['proxy', 'console'], until(stepsMs.callers))),
    ...(await fleet.stop(['auth'], until(stepsMs.auth))),
  ];
  await shipper.drain({ timeoutMs: startedAtMs + stepsMs.logs - performance.now() });
  pipeline.stopShipping();
  shipper.close();
  killed.push(...(await fleet.stop(['collector'], until(stepsMs.collector))));
  return killed.map((name) => `${name} did not stop in time and was ended at once.`);
}
