import type { FileRule } from '../rule.ts';

const confined = [
  {
    rule: 'metrics-confined',
    pattern:
      /^(prom-client|@prometheus-io\/client|@opentelemetry\/(sdk-metrics|exporter-prometheus)|hot-shots|node-statsd|statsd-client|express-prom-bundle|fastify-metrics)(\/|$)/,
    message: 'only telemetry imports a metrics client: use telemetry.metrics with a metric of the contract.',
  },
  {
    rule: 'tracing-confined',
    pattern:
      /^(@opentelemetry\/(sdk-|exporter-|instrumentation|auto-instrumentations|otlp-|resources|propagator-)|dd-trace|newrelic|elastic-apm-node|@sentry\/)/,
    message: 'only telemetry imports a tracing SDK: use telemetry.tracer, or @opentelemetry/api.',
  },
  {
    rule: 'logging-confined',
    pattern: /^(pino|pino-.+|winston|bunyan|log4js|loglevel|consola|signale|roarr|tslog|sonic-boom|debug)$/,
    message: 'only telemetry imports a log library: use telemetry.logger, which sanitises.',
  },
] as const;

/** Exports that register metrics past the contract, by their module. */
const registries: Readonly<Record<string, readonly string[]>> = {
  '@ibex/telemetry/metrics': ['MetricRegistry'],
  '@opentelemetry/api': ['metrics'],
};

/** Imports of clients that belong to telemetry alone, and of what registers metrics past it. */
export const confinedImports: FileRule = ({ imports }, { report }) => {
  for (const { from, name, isType, start } of imports) {
    const hit = confined.find(({ pattern }) => pattern.test(from));
    if (hit !== undefined) report(hit.rule, start, hit.message);
    if (isType || registries[from]?.includes(name) !== true) continue;
    const message = `${name} registers metrics past the contract: declare them there and use telemetry.metrics.`;
    report('metrics-confined', start, message);
  }
};
