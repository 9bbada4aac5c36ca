import type { Telemetry } from '@ibex/telemetry';
import type { ReceiverObserver } from '../receivers/observer.ts';

const noticeEveryMs = 60_000;
const maximumPlaces = 1_000;

/** Turns what receivers do into metrics, and what goes wrong into at most one line a minute and place. */
export function createReceiverObserver({ metrics, logger }: Telemetry): ReceiverObserver {
  const received = metrics.counter('ibex_collector_received_total');
  const rejected = metrics.counter('ibex_collector_rejected_total');
  const truncated = metrics.counter('ibex_collector_truncated_total');
  const refused = metrics.counter('ibex_collector_refused_total');
  const scrapeDuration = metrics.histogram('ibex_collector_scrape_duration_seconds');
  const scrapeFailures = metrics.counter('ibex_collector_scrape_failures_total');
  const shouldNotice = createThrottle();

  return {
    received: ({ signal, transport, outcome, records }) =>
      received.increment({ signal, transport, outcome }, records),
    rejected: ({ signal, reason, records }) => rejected.increment({ signal, reason }, records),
    truncated: ({ signal, reason, count }) => truncated.increment({ signal, reason }, count),
    refused: ({ signal, transport, reason, message }) => {
      refused.increment({ signal, transport, reason });
      if (shouldNotice(`${signal} ${reason}`))
        logger.warn('export refused', { signal, reason: `${reason}: ${message}` });
    },
    scraped: ({ target, durationSeconds }) => scrapeDuration.observe({ target }, durationSeconds),
    scrapeFailed: ({ target, durationSeconds, reason, message }) => {
      scrapeDuration.observe({ target }, durationSeconds);
      scrapeFailures.increment({ target, reason });
      if (shouldNotice(`${target} ${reason}`))
        logger.warn('scrape failed', { dependency: target, reason: `${reason}: ${message}` });
    },
  };
}

function createThrottle(): (place: string) => boolean {
  const noticedAtMs = new Map<string, number>();
  return (place) => {
    const now = Date.now();
    if (now - (noticedAtMs.get(place) ?? Number.NEGATIVE_INFINITY) < noticeEveryMs) return false;
    if (noticedAtMs.size >= maximumPlaces) noticedAtMs.clear();
    noticedAtMs.set(place, now);
    return true;
  };
}
