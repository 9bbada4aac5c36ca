import type { IbexContract } from '@ibex/contract';
import type { SentrySettings } from '../config/sentry-settings.ts';
import { createLossReport } from '../export/loss-report.ts';
import type { Logger } from '../logs/logger.ts';
import type { MetricRegistry } from '../metrics/registry.ts';
import type { Sanitiser } from '../privacy/sanitiser.ts';
import { SentryReporter } from './sentry-reporter.ts';

/** The reporter that the settings ask for, with its losses counted and logged; undefined without settings. */
export function createSentryReporter({
  settings,
  resource,
  metrics,
  logger,
  sanitiser,
}: {
  settings: SentrySettings | undefined;
  resource: Readonly<Record<string, string>>;
  metrics: MetricRegistry<IbexContract>;
  logger: Logger<IbexContract>;
  sanitiser: Sanitiser;
}): SentryReporter | undefined {
  if (settings === undefined) return undefined;
  const sent = metrics.counter('ibex_telemetry_exported_total').bind({ signal: 'errors' });
  const dropped = metrics.counter('ibex_telemetry_dropped_total');
  const losses = createLossReport(logger, { message: 'error events dropped', signal: 'errors' });
  return new SentryReporter({
    settings,
    sanitiser,
    service: resource['service.name'] ?? '',
    onSent: () => sent.increment(),
    onDropped: (count, reason, detail) => {
      dropped.increment({ signal: 'errors', reason }, count);
      losses.add(count, reason, detail);
    },
    onStopped: () => losses.flush(),
    onUnusable: (error) =>
      logger.warn('errors are not sent to Sentry: run "npm install @sentry/core", or leave SENTRY_DSN out', {
        setting: 'SENTRY_DSN',
        error,
      }),
  });
}
