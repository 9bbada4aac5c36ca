import type { ServiceName } from './services.ts';

interface Rule {
  readonly pattern: RegExp;
  readonly services: readonly ServiceName[];
}

/**
 * Who may have which of the user's variables. The first rule whose pattern matches decides; what matches none goes to
 * every service. Anything that looks like a secret goes to the proxy alone, which is the one that calls providers.
 */
const rules: readonly Rule[] = [
  // Written by `ibex up` for each service, or npm's own affair.
  { pattern: /^npm_/i, services: [] },
  {
    pattern: /^(OTEL_SERVICE_NAME|IBEX_SERVICE_NAME|OTEL_EXPORTER_OTLP_.*|IBEX_PROXY_(METRICS|REUSE)_PORT)$/,
    services: [],
  },
  { pattern: /^(DATABASE_URL(_FILE)?|PG[A-Z]+)$/, services: ['auth'] },
  { pattern: /^(REDIS_URL(_FILE)?|OPENAI_.*|ANTHROPIC_.*)$/, services: ['proxy'] },
  {
    pattern: /^(IBEX_KEEP_BUS_TOKEN|SENTRY_DSN)(_FILE)?$/,
    services: ['proxy', 'auth', 'collector', 'console'],
  },
  { pattern: /^IBEX_COLLECTOR_QUERY_TOKEN(_FILE)?$/, services: ['collector', 'console'] },
  { pattern: /^IBEX_AUTH_.*(KEY|TOKEN|SECRET|PASSWORD)(_FILE)?$/, services: ['auth'] },
  { pattern: /^IBEX_COLLECTOR_.*(KEY|TOKEN|SECRET|PASSWORD)(_FILE)?$/, services: ['collector'] },
  { pattern: /^IBEX_CONSOLE_.*(KEY|TOKEN|SECRET|PASSWORD|CODE)(_FILE)?$/, services: ['console'] },
  { pattern: /(KEY|KEYS|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS|DSN)(_FILE)?$/i, services: ['proxy'] },
];

/** The part of the user's environment that one service inherits. */
export function inheritedEnvironment(
  service: ServiceName,
  environment: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => mayHave(service, name)));
}

function mayHave(service: ServiceName, name: string): boolean {
  const rule = rules.find(({ pattern }) => pattern.test(name));
  return rule === undefined || rule.services.includes(service);
}
