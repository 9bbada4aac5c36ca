import type { components } from '@ibex/api/console';
import type { DependencyCheck } from '@ibex/service';
import type { TelemetryBackend } from '../backend/telemetry-backend.ts';
import { Problem } from '../problem.ts';
import { failedRequests, HealthHistory, newestFirst } from './incidents.ts';
import {
  ownHealth,
  type ProbeOptions,
  probeService,
  type ServiceHealth,
  type WatchedService,
  worstOf,
} from './service-health.ts';
import { noTraffic, rangeOf, readTraffic } from './traffic.ts';

type Overview = components['schemas']['OpsOverview'];

const dependencyTimeoutMs = 2000;

export interface OverviewOptions {
  readonly backend: TelemetryBackend;
  readonly services: readonly WatchedService[];
  /** The checks of the console's own readiness, by dependency. */
  readonly checks: Readonly<Record<string, DependencyCheck>>;
  readonly probes: ProbeOptions;
  /** The present, Unix milliseconds. */
  readonly now?: () => number;
}

export interface OverviewRequest {
  readonly rangeMinutes: number;
  /** Added to the detail of the console's auth dependency, e.g. that sessions live on an old verdict. */
  readonly authNotice: string | undefined;
  readonly signal: AbortSignal;
}

/** The platform's state in one answer. A dependency that fails or is slow costs its own part only. */
export class OverviewReader {
  readonly #options: OverviewOptions;
  readonly #now: () => number;
  readonly #history = new HealthHistory();

  constructor(options: OverviewOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  async read({ rangeMinutes, authNotice, signal }: OverviewRequest): Promise<Overview> {
    const { backend, probes } = this.#options;
    const now = this.#now();
    const range = rangeOf(rangeMinutes, now);
    const bounded = { range, signal: AbortSignal.any([signal, AbortSignal.timeout(dependencyTimeoutMs)]) };
    const [services, traffic, failures] = await Promise.all([
      this.#services(authNotice),
      settled(readTraffic(backend, bounded)),
      settled(failedRequests(backend, { ...bounded, redactText: probes.sanitiser.redactText })),
    ]);
    const unhealthy = this.#history.record(services, now);
    const problem = traffic.problem ?? failures.problem;
    return {
      generatedAtUnixMs: now,
      rangeMinutes,
      health: worstOf(services.map(({ state }) => state)),
      services,
      ...(traffic.value ?? noTraffic(range.stepSeconds)),
      incidents: newestFirst([...unhealthy, ...(failures.value ?? [])]),
      telemetry: {
        backend: backend.kind,
        reachable: problem === undefined,
        detail: problem === undefined ? '' : probes.sanitiser.redactText(problem),
      },
    };
  }

  async #services(authNotice: string | undefined): Promise<ServiceHealth[]> {
    const { services, checks, probes } = this.#options;
    const [own, ...others] = await Promise.all([
      ownHealth(checks, probes),
      ...services.map((service) => probeService(service, probes)),
    ]);
    return [...others, noticed(own, authNotice)];
  }
}

function noticed(own: ServiceHealth, authNotice: string | undefined): ServiceHealth {
  if (authNotice === undefined) return own;
  const dependencies = own.dependencies.map((dependency) =>
    dependency.name === 'auth'
      ? { ...dependency, detail: [authNotice, dependency.detail].filter((text) => text !== '').join(' ') }
      : dependency,
  );
  return { ...own, dependencies };
}

/** The value, or in words why there is none. Failures that are not the back end's are thrown on. */
async function settled<Value>(work: Promise<Value>): Promise<{ value?: Value; problem?: string }> {
  try {
    return { value: await work };
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message };
    throw error;
  }
}
