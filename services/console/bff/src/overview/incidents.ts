import type { components } from '@ibex/api/console';
import type { CallOptions, TelemetryBackend } from '../backend/telemetry-backend.ts';
import type { ServiceHealth } from './service-health.ts';
import type { Range } from './traffic.ts';

export type Incident = components['schemas']['OpsOverview']['incidents'][number];

const maximumIncidents = 20;
const maximumTitleLength = 200;
const nanosPerMilli = 1_000_000n;

/**
 * Requests that failed in the range, newest first. The title is made of the span's name and status: what callers or
 * providers wrote stays out.
 */
export async function failedRequests(
  backend: TelemetryBackend,
  options: CallOptions & { range: Range; redactText: (text: string) => string },
): Promise<Incident[]> {
  const { startUnixMs: start, endUnixMs: end } = options.range;
  const query = { status: 'error', rootOnly: true, start, end, limit: maximumIncidents } as const;
  const { spans } = await backend.spans(query, options);
  const shown = (text: string) => options.redactText(text).slice(0, maximumTitleLength);
  return spans.slice(0, maximumIncidents).map((span) => ({
    timeUnixMs: Number(BigInt(span.startTimeUnixNano) / nanosPerMilli),
    kind: 'failed_request' as const,
    title: `${shown(span.name)} ${span.httpStatusCode ?? 'failed'}`,
    serviceName: shown(span.serviceName),
    traceId: span.traceId,
  }));
}

/** Remembers since when each service has been in a state that is not healthy. Bounded by the configured services. */
export class HealthHistory {
  readonly #since = new Map<string, number>();

  /** Takes the present states in; returns an incident for each service that is not healthy. */
  record(services: readonly ServiceHealth[], nowUnixMs: number): Incident[] {
    const incidents: Incident[] = [];
    for (const { name, state } of services) {
      if (state === 'healthy') {
        this.#since.delete(name);
        continue;
      }
      const timeUnixMs = this.#since.get(name) ?? nowUnixMs;
      this.#since.set(name, timeUnixMs);
      const title = `${name} is ${state}`;
      incidents.push({ timeUnixMs, kind: 'unhealthy_service', title, serviceName: name, traceId: null });
    }
    return incidents;
  }
}

/** The newest of both kinds, at most 20. */
export function newestFirst(incidents: readonly Incident[]): Incident[] {
  return incidents.toSorted((left, right) => right.timeUnixMs - left.timeUnixMs).slice(0, maximumIncidents);
}
