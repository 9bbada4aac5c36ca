import { randomBytes } from 'node:crypto';
import { send } from '../http/send.ts';

export interface LastScrapeOptions {
  /** The collector's query address. */
  readonly collectorUrl: string;
  readonly queryToken: string;
  readonly timeoutMs: number;
}

/**
 * Asks the collector to scrape every service now: what they have counted since its last round would be gone with
 * them. Best effort: a collector that is not there stops nobody from stopping.
 *
 * @returns Whether the collector has stored it.
 */
export async function scrapeNow({
  collectorUrl,
  queryToken,
  timeoutMs,
}: LastScrapeOptions): Promise<boolean> {
  try {
    const answer = await send(`${collectorUrl}/internal/scrape`, {
      method: 'POST',
      headers: { authorization: `Bearer ${queryToken}`, traceparent: unsampledParent() },
      timeoutMs,
    });
    return answer.status >= 200 && answer.status < 300;
  } catch {
    return false;
  }
}

/** A trace that is not recorded: nobody would be left to take the collector's span of this last request. */
function unsampledParent(): string {
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
}
