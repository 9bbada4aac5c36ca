import { isDeepStrictEqual } from 'node:util';
import type { Environment } from '@ibex/service';
import type { ObservabilityConfig, Telemetry } from '@ibex/telemetry';
import { readTelemetrySettings } from '@ibex/telemetry/config';
import type { PreparePart } from './reloader.ts';

/**
 * Telemetry is set up at the start and stays as it is. What the next start would refuse is refused now, and what it would
 * take is told of.
 */
export function checkObservability(
  telemetry: Telemetry,
  { atStart, environment }: { atStart: unknown; environment: Environment },
): PreparePart {
  return ({ observability }) => {
    readTelemetrySettings({
      service: telemetry.service,
      environment,
      observability: observability as ObservabilityConfig,
    });
    return {
      apply() {
        if (isDeepStrictEqual(observability, atStart)) return;
        telemetry.logger.warn(
          'observability is read at the start alone: what has changed there waits for it',
          {
            setting: 'observability',
          },
        );
      },
      discard: () => undefined,
    };
  };
}
