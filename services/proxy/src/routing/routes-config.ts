import { z } from 'zod';
import { configError, readSection } from '../config-field.ts';
import type { RoutePolicy } from './policy.ts';
import { policyShape, readPolicy } from './policy-config.ts';

const maximumRoutes = 256;
const maximumTargets = 16;
const maximumWeight = 1_000;

/** A target as it is configured. */
export interface TargetConfig {
  /** Name of a provider. */
  readonly provider: string;
  readonly model: string | undefined;
  readonly weight: number;
}

/** A route as it is configured. */
export interface RouteConfig {
  readonly id: string;
  readonly targets: readonly [TargetConfig, ...TargetConfig[]];
  readonly fallbacks: readonly TargetConfig[];
  readonly policy: RoutePolicy;
}

export interface RoutingConfig {
  readonly routes: readonly RouteConfig[];
  /** Of the models that no route is for. */
  readonly policy: RoutePolicy;
}

const name = z.string().min(1).max(256);
const model = name.regex(/^[^*]+\*?$/, 'a model, or the beginning of one followed by *');
const targetSchema = z.strictObject({
  provider: name,
  model: name.optional(),
  weight: z.number().min(0).max(maximumWeight).default(1),
});
const fallbackSchema = z.strictObject({ provider: name, model: name.optional() });
const routeSchema = z.strictObject({
  model,
  targets: z.array(targetSchema).min(1).max(maximumTargets),
  fallbacks: z.array(fallbackSchema).max(maximumTargets).default([]),
  ...policyShape,
});
const routesSchema = z.array(routeSchema).max(maximumRoutes).default([]);
const routingSchema = z.strictObject(policyShape).default({});

type RouteEntry = z.output<typeof routeSchema>;

function toTarget(entry: { provider: string; model?: string | undefined; weight?: number }): TargetConfig {
  return { provider: entry.provider, model: entry.model, weight: entry.weight ?? 1 };
}

function checkProviders(entry: RouteEntry, index: number, providers: readonly string[]): void {
  for (const list of ['targets', 'fallbacks'] as const) {
    for (const [position, { provider }] of entry[list].entries()) {
      if (providers.includes(provider)) continue;
      throw configError(
        `routes[${index}].${list}[${position}].provider`,
        `must name a provider: "${provider}" is none. The providers are: ${providers.join(', ')}.`,
      );
    }
  }
}

function checkWeights({ targets }: RouteEntry, index: number): void {
  if (targets.some(({ weight }) => weight > 0)) return;
  throw configError(`routes[${index}].targets`, 'must have a target with a weight above 0: all are 0.');
}

function checkUnique(entries: readonly RouteEntry[]): void {
  const seen = new Map<string, number>();
  for (const [index, { model }] of entries.entries()) {
    const first = seen.get(model);
    if (first !== undefined) {
      throw configError(
        `routes[${index}].model`,
        `must be unique: routes[${first}] is for "${model}" already.`,
      );
    }
    seen.set(model, index);
  }
}

function toRoute(entry: RouteEntry, policy: RoutePolicy): RouteConfig {
  const [first, ...others] = entry.targets.map(toTarget);
  if (first === undefined) throw new Error('the schema asks for at least one target');
  return {
    id: entry.model,
    targets: [first, ...others],
    fallbacks: entry.fallbacks.map(toTarget),
    policy: readPolicy(entry, policy),
  };
}

/**
 * The routes of `config.yaml` (`routes:`, with `routing:` for what all have in common).
 *
 * @throws {SettingsError} naming the field as the operator wrote it.
 */
export function readRouting(
  config: Readonly<Record<string, unknown>>,
  providers: readonly string[],
): RoutingConfig {
  const policy = readPolicy(readSection('routing', routingSchema, config.routing));
  const entries = readSection('routes', routesSchema, config.routes);
  for (const [index, entry] of entries.entries()) {
    checkProviders(entry, index, providers);
    checkWeights(entry, index);
  }
  checkUnique(entries);
  return { routes: entries.map((entry) => toRoute(entry, policy)), policy };
}

/** Models that routes name, for the closed label set `model`. */
export function routedModels({ routes }: RoutingConfig): readonly string[] {
  return routes.flatMap(({ id, targets, fallbacks }) =>
    [...targets, ...fallbacks].flatMap(({ model }) => model ?? (id.endsWith('*') ? [] : [id])),
  );
}
