import type { IbexContract } from '@ibex/contract';
import type { Logger } from '../logs/logger.ts';

const noticeEveryMs = 60_000;

/** Says in the log that spans were lost: at once, then at most once a minute, and what is left when asked. */
export interface LossReport {
  add(count: number, reason: string): void;
  flush(): void;
}

export function createLossReport(logger: Logger<IbexContract>): LossReport {
  let unreported = 0;
  let lastReason = '';
  let reportedAt = Number.NEGATIVE_INFINITY;

  function flush(): void {
    if (unreported === 0) return;
    logger.warn('spans dropped', { signal: 'traces', count: unreported, reason: lastReason });
    unreported = 0;
    reportedAt = performance.now();
  }

  return {
    add: (count, reason) => {
      unreported += count;
      lastReason = reason;
      if (performance.now() - reportedAt >= noticeEveryMs) flush();
    },
    flush,
  };
}
