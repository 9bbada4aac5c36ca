import type { IbexContract } from '@ibex/contract';
import type { KeepBusSettings } from '../config/flight-recorder-settings.ts';
import type { Logger } from '../logs/logger.ts';
import type { MetricRegistry } from '../metrics/registry.ts';
import { HttpKeepBus } from './http-keep-bus.ts';
import type { KeepBus } from './keep-bus.ts';
import { countAnnouncements } from './keep-bus-observer.ts';
import { NatsKeepBus } from './nats-keep-bus.ts';

/** The bus that the settings name; undefined without one. */
export function createKeepBus(
  settings: KeepBusSettings | undefined,
  { metrics, logger }: { metrics: MetricRegistry<IbexContract>; logger: Logger<IbexContract> },
): KeepBus | undefined {
  if (settings === undefined) return undefined;
  const observer = countAnnouncements(metrics);
  if (settings.type === 'http') return new HttpKeepBus(settings, observer);
  return new NatsKeepBus({
    url: settings.url,
    observer,
    onUnusable: (error) =>
      logger.warn('kept traces are not announced: install @nats-io/transport-node, or leave NATS_URL out', {
        setting: 'NATS_URL',
        error,
      }),
  });
}
