import type { components } from '@ibex/api/console';
import { checkReadiness, type DependencyCheck, type Readiness } from '@ibex/service';
import type { Sanitiser } from '@ibex/telemetry/privacy';
import { type Dispatcher, request } from 'undici';
import { z } from 'zod';

export type ServiceHealth = components['schemas']['ServiceHealth'];
export type Health = components['schemas']['Health'];

const probeTimeoutMs = 2000;
const maximumDependencies = 20;
const maximumDetailLength = 300;
const maximumNameLength = 60;

const readinessSchema = z.object({
  detail: z.string().optional(),
  dependencies: z
    .record(z.string(), z.object({ state: z.enum(['ready', 'not_ready']), detail: z.string().default('') }))
    .default({}),
});

/** A service to ask for its health: its name and the base of its HTTP address. */
export interface WatchedService {
  readonly name: string;
  readonly url: string;
}

/** What the probes need: connections bounded in answer size, and the redaction of free text. */
export interface ProbeOptions {
  readonly dispatcher: Dispatcher;
  readonly sanitiser: Sanitiser;
}

const severity: readonly Health[] = ['healthy', 'unknown', 'degraded', 'down'];

/** The worst of several states; unknown when there is none. */
export function worstOf(states: readonly Health[]): Health {
  if (states.length === 0) return 'unknown';
  return severity[Math.max(...states.map((state) => severity.indexOf(state)))] ?? 'unknown';
}

/** Asks a service's `/readyz`. Never throws: a service that does not answer is down. */
export async function probeService(service: WatchedService, options: ProbeOptions): Promise<ServiceHealth> {
  const { name } = service;
  try {
    const signal = AbortSignal.timeout(probeTimeoutMs);
    const { dispatcher } = options;
    const { statusCode, body } = await request(new URL('/readyz', service.url), { dispatcher, signal });
    const readiness = readinessSchema.safeParse(parseJson(await body.text()));
    if (!readiness.success && statusCode !== 200)
      return { name, state: 'down', detail: `/readyz answered ${statusCode}`, dependencies: [] };
    const dependencies = toDependencies(readiness.data?.dependencies ?? {}, options);
    const detail = readiness.data?.detail;
    const reason = detail === undefined ? undefined : shown(detail, options);
    return healthOf(name, { ready: statusCode === 200, reason, dependencies });
  } catch (error) {
    return { name, state: 'down', detail: `no answer: ${shown(reasonOf(error), options)}`, dependencies: [] };
  }
}

/** The console's own health, from the checks its readiness is made of. */
export async function ownHealth(
  checks: Readonly<Record<string, DependencyCheck>>,
  options: Pick<ProbeOptions, 'sanitiser'>,
): Promise<ServiceHealth> {
  const { status, dependencies } = await checkReadiness(checks, options.sanitiser);
  return healthOf('console', {
    ready: status === 'ready',
    dependencies: toDependencies(dependencies, options),
  });
}

function healthOf(
  name: string,
  found: {
    ready: boolean;
    reason?: string | undefined;
    dependencies: ServiceHealth['dependencies'];
  },
): ServiceHealth {
  const { ready, reason, dependencies } = found;
  if (ready) return { name, state: 'healthy', detail: 'ready', dependencies };
  const waiting = dependencies
    .filter(({ state }) => state !== 'healthy')
    .map((dependency) => dependency.name);
  const reasons = reason === undefined ? waiting : [reason, ...waiting];
  const detail = reasons.length === 0 ? 'not ready' : `not ready: ${reasons.join(', ')}`;
  return { name, state: 'degraded', detail, dependencies };
}

function toDependencies(
  dependencies: Readiness['dependencies'],
  options: Pick<ProbeOptions, 'sanitiser'>,
): ServiceHealth['dependencies'] {
  return Object.entries(dependencies)
    .slice(0, maximumDependencies)
    .map(([name, { state, detail }]) => ({
      name: shown(name, options).slice(0, maximumNameLength),
      state: state === 'ready' ? 'healthy' : 'down',
      detail: shown(detail ?? '', options),
    }));
}

function shown(text: string, options: Pick<ProbeOptions, 'sanitiser'>): string {
  return options.sanitiser.redactText(text).slice(0, maximumDetailLength);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  if (error.name === 'TimeoutError') return `nothing within ${probeTimeoutMs} ms`;
  if (error.message !== '') return error.message;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
