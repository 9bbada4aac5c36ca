import { type Finding, ok, warning } from '../model.ts';
import { suggest } from './suggest.ts';

/** Variables of OpenTelemetry's SDKs that Ibex does not read, with what it reads instead. */
const instead: Readonly<Record<string, string>> = {
  OTEL_TRACES_SAMPLER: 'Set OTEL_SAMPLE_RATIO to a share between 0 and 1, and remove it.',
  OTEL_TRACES_SAMPLER_ARG: 'Set OTEL_SAMPLE_RATIO to the same share, and remove it.',
  OTEL_RESOURCE_ATTRIBUTES:
    'Use OTEL_SERVICE_NAME and OTEL_DEPLOYMENT_ENVIRONMENT; further resource attributes are not in the contract.',
  OTEL_SDK_DISABLED: 'Set OTEL_EXPORTER_OTLP_ENDPOINT to nothing, which turns the export off, and remove it.',
  OTEL_TRACES_EXPORTER: 'Set OTEL_EXPORTER_OTLP_ENDPOINT, or observability.tracing.exporter in config.yaml.',
  OTEL_METRICS_EXPORTER:
    'Metrics wait at /metrics: let the collector or Prometheus scrape them, and remove it.',
  OTEL_LOGS_EXPORTER: 'Logs leave on standard output: let a collector read it, and remove it.',
  OTEL_PROPAGATORS: 'Ibex propagates W3C Trace Context. Remove it.',
  OTEL_LOG_LEVEL: 'Set IBEX_LOG_LEVEL, and remove it.',
  OTEL_NODE_RESOURCE_DETECTORS: 'Ibex detects no resources. Remove it.',
};

const ours = /^(OTEL|IBEX)_/i;
const mostFindings = 50;
/** Read by tools of the workspace and by people's own clients, not by a service. */
const toolVariables: readonly string[] = ['IBEX_API_KEY', 'IBEX_SCREENSHOTS', 'IBEX_BENCH_SINK'];

/** Variables that look as if they were meant for us, and are read by nothing. */
export function findUnknownVariables(environment: NodeJS.ProcessEnv, known: readonly string[]): Finding[] {
  const all = [...new Set([...known, ...toolVariables])];
  const readable = new Set([...all, ...all.map((name) => `${name}_FILE`)]);
  const given = Object.keys(environment)
    .filter((name) => ours.test(name))
    .toSorted();
  const unknown = given.filter((name) => !readable.has(name)).slice(0, mostFindings);
  if (unknown.length === 0) return [ok('variables', `${given.length} of OTEL_* and IBEX_*, all known`)];
  return unknown.map((name) => warning(name, 'nothing here reads this variable', adviceFor(name, all)));
}

function adviceFor(name: string, known: readonly string[]): string {
  const replacement = instead[name];
  if (replacement !== undefined) return replacement;
  const isFile = name.endsWith('_FILE');
  const meant = suggest(isFile ? name.slice(0, -'_FILE'.length) : name, known);
  if (meant !== undefined) return `Did you mean ${meant}${isFile ? '_FILE' : ''}?`;
  return 'Remove it, or look for its name in docs/configuration.md.';
}
