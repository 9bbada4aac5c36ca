import type { IbexContract } from '@ibex/contract';
import type { MetricRegistry } from '../metrics/registry.ts';

export type AnnouncementLoss = 'queue_full' | 'send_failed' | 'malformed' | 'stopping';

/** Told of what passes over a bus. */
export interface KeepBusObserver {
  readonly onSent: (count: number) => void;
  readonly onReceived: () => void;
  readonly onDropped: (count: number, reason: AnnouncementLoss) => void;
}

/** Counts announcements. */
export function countAnnouncements(metrics: MetricRegistry<IbexContract>): KeepBusObserver {
  const announcements = metrics.counter('ibex_telemetry_announcements_total');
  const dropped = metrics.counter('ibex_telemetry_announcements_dropped_total');
  return {
    onSent: (count) => announcements.increment({ direction: 'sent' }, count),
    onReceived: () => announcements.increment({ direction: 'received' }),
    onDropped: (count, reason) => dropped.increment({ reason }, count),
  };
}
