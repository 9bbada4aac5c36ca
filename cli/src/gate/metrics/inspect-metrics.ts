import { setTimeout as sleep } from 'node:timers/promises';
import type { ContractDefinition } from '@ibex/contract';
import { Findings } from '../findings.ts';
import { type Answer, ask } from '../http.ts';
import type { Locate } from '../locate.ts';
import type { Inspection } from '../model.ts';
import type { ProbeResult } from '../probes/run-probes.ts';
import type { SecretTest } from '../secret-test.ts';
import { areCounted, type Baseline, checkCounts } from './check-counts.ts';
import { checkExemplars, checkKept, exemplarTraces } from './check-exemplars.ts';
import { checkFamilies } from './check-families.ts';
import { checkLabels } from './check-labels.ts';
import { checkNames } from './check-names.ts';
import { checkRuntime } from './check-runtime.ts';
import { checkValues } from './check-values.ts';
import type { MetricContext } from './context.ts';
import { type Exposition, type ExpositionFormat, parseExposition } from './exposition.ts';
import { checkWithPromtool, findPromtool } from './promtool.ts';

export interface MetricsTarget {
  readonly service: string;
  /** Where the metrics are. */
  readonly url: string;
  readonly contract: ContractDefinition;
  readonly locate: Locate;
  readonly secrets: SecretTest;
  readonly results: readonly ProbeResult[];
  readonly baseline: Baseline;
  /** For finding promtool. */
  readonly environment: NodeJS.ProcessEnv;
}

/** How each format is asked for, and what its answer has to say. */
const formats = {
  text: {
    accept: 'text/plain; version=0.0.4',
    type: /^text\/plain; *version=0\.0\.4; *charset=utf-8$/,
    expected: 'text/plain; version=0.0.4; charset=utf-8',
  },
  openmetrics: {
    accept: 'application/openmetrics-text; version=1.0.0',
    type: /^application\/openmetrics-text; *version=1\.0\.0; *charset=utf-8$/,
    expected: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  },
} as const satisfies Record<ExpositionFormat, unknown>;
const countedWithinMs = 2_000;
const pollMs = 50;

/** Metrics that have been looked at, and what can only be told when the service has exported its spans. */
export interface MetricsInspection extends Inspection {
  /** The inspection with what exemplars say held against the traces the service has exported. */
  readonly withExported: (traceIds: ReadonlySet<string>) => Inspection;
}

/** Fetches the exposition as it is before the probes. */
export async function fetchBaseline(url: string): Promise<Exposition> {
  return parseExposition((await fetchAs('text', url)).body, 'text');
}

/** Holds the metrics of a service against the contract, in both formats and with promtool where it is installed. */
export async function inspectMetrics(target: MetricsTarget): Promise<MetricsInspection> {
  const findings = new Findings('metrics', target.service, target.secrets);
  const context: MetricContext = { ...target, findings };
  const answer = await fetchCounted(target);
  if (answer.status !== 200) {
    findings.add('content-type', target.url, {
      value: answer.status,
      message: 'the scrape must be answered with 200.',
    });
  }
  checkContentType('text', answer, context);
  const exposition = parseExposition(answer.body, 'text');
  checkExposition(exposition, context);
  checkCounts(exposition, { ...target, context });
  const openMetrics = await inspectOpenMetrics(context, target);
  const traces = openMetrics === undefined ? new Map<string, string>() : exemplarTraces(openMetrics);
  const notes = runPromtool(answer.body, context, target);
  const inspection: Inspection = {
    subject: 'metrics',
    where: target.service,
    findings: findings.list,
    checked: count(exposition),
    notes: [
      openMetrics === undefined
        ? 'OpenMetrics was asked for and not offered; text 0.0.4 alone was checked'
        : `text 0.0.4 and OpenMetrics were checked, with exemplars of ${traces.size} traces`,
      ...notes,
    ],
  };
  return {
    ...inspection,
    withExported: (traceIds) => ({ ...inspection, findings: checkKept(traces, traceIds, context) }),
  };
}

function checkContentType(format: ExpositionFormat, { headers }: Answer, { findings }: MetricContext): void {
  const type = headers.get('content-type') ?? 'absent';
  const { accept, type: pattern, expected } = formats[format];
  if (pattern.test(type)) return;
  const message = `a scrape that asks for "${accept}" is answered as "${expected}".`;
  findings.add('content-type', format, { value: type, message });
}

/** Every check that needs nothing but the text. */
export function checkExposition(exposition: Exposition, context: MetricContext): void {
  const checks = [checkFamilies, checkLabels, checkValues, checkNames, checkExemplars, checkRuntime];
  for (const check of checks) check(exposition, context);
}

function count({ families, sampleCount }: Exposition): string {
  return `${families.size} metrics, ${sampleCount} samples`;
}

function fetchAs(format: ExpositionFormat, url: string): Promise<Answer> {
  return ask(url, { headers: { accept: formats[format].accept } });
}

/** The exposition once all probes are counted, or as it is after two seconds. */
async function fetchCounted({ url, results, baseline }: MetricsTarget): Promise<Answer> {
  const deadline = performance.now() + countedWithinMs;
  for (;;) {
    const answer = await fetchAs('text', url);
    const isLate = performance.now() > deadline;
    if (isLate || areCounted(parseExposition(answer.body, 'text'), results, baseline)) return answer;
    await sleep(pollMs);
  }
}

/** The exposition in OpenMetrics; undefined where it is not offered, which is a finding. */
async function inspectOpenMetrics(
  context: MetricContext,
  { url }: MetricsTarget,
): Promise<Exposition | undefined> {
  const answer = await fetchAs('openmetrics', url);
  checkContentType('openmetrics', answer, context);
  if (!/^application\/openmetrics-text/.test(answer.headers.get('content-type') ?? '')) return undefined;
  const exposition = parseExposition(answer.body, 'openmetrics');
  checkExposition(exposition, context);
  return exposition;
}

function runPromtool(text: string, context: MetricContext, { environment }: MetricsTarget): string[] {
  const program = findPromtool(environment);
  if (program === undefined)
    return ["promtool is not installed: its lint was left out, the gate's own was not"];
  checkWithPromtool(program, text, context);
  return ['promtool was run'];
}
