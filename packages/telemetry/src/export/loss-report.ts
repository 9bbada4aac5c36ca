import type { IbexContract } from '@ibex/contract';
import type { Logger } from '../logs/logger.ts';

const noticeEveryMs = 60_000;

/** Says in the log that something was lost: at once, then at most once a minute for each reason, and the rest when asked. */
export interface LossReport {
  add(count: number, reason: string, detail: string): void;
  flush(): void;
}

/** What was lost for one reason. */
interface Loss {
  unreported: number;
  detail: string;
  reportedAtMs: number;
}

export interface LossReportOptions {
  /** The line, e.g. `spans dropped`. */
  readonly message: string;
  /** What was lost, e.g. `traces`. */
  readonly signal: string;
  /** Default: `warn`. */
  readonly level?: 'warn' | 'error';
}

/** Says it in the log, with how much was lost since it was said last. */
export function createLossReport(
  logger: Logger<IbexContract>,
  { message, signal, level = 'warn' }: LossReportOptions,
): LossReport {
  const losses = new Map<string, Loss>();
  let timer: NodeJS.Timeout | undefined;

  function report(reason: string, loss: Loss): void {
    if (loss.unreported === 0) return;
    logger[level](message, { signal, count: loss.unreported, reason: `${reason}: ${loss.detail}` });
    loss.unreported = 0;
    loss.reportedAtMs = performance.now();
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const [reason, loss] of losses) report(reason, loss);
  }

  return {
    add: (count, reason, detail) => {
      const loss = losses.get(reason) ?? { unreported: 0, detail, reportedAtMs: Number.NEGATIVE_INFINITY };
      losses.set(reason, loss);
      loss.unreported += count;
      loss.detail = detail;
      if (performance.now() - loss.reportedAtMs >= noticeEveryMs) report(reason, loss);
      else timer ??= setTimeout(flush, noticeEveryMs).unref();
    },
    flush,
  };
}
