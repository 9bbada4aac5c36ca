import { setTimeout as sleep } from 'node:timers/promises';
import type { ContractDefinition } from '@ibex/contract';
import { Findings } from '../findings.ts';
import { type Answer, ask } from '../http.ts';
import type { Locate } from '../locate.ts';
import type { Inspection } from '../model.ts';
import type { ProbeResult } from '../probes/run-probes.ts';
import type { SecretTest } from '../secret-test.ts';
import { areCounted, type Baseline, checkCounts } from './check-counts.ts';
import { checkFamilies } from './check-families.ts';
import { checkLabels } from './check-labels.ts';
import { checkNames } from './check-names.ts';
import { checkValues } from './check-values.ts';
import type { MetricContext } from './context.ts';
import { type Exposition, parseExposition } from './exposition.ts';
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

const textType = /^text\/plain; version=0\.0\.4/;
const openMetricsType = /^application\/openmetrics-text/;
const countedWithinMs = 2_000;
const pollMs = 50;

/** Fetches the exposition as it is before the probes. */
export async function fetchBaseline(url: string): Promise<Exposition> {
  return parseExposition((await fetchText(url)).body, 'text');
}

/** Holds the metrics of a service against the contract, in both formats and with promtool where it is installed. */
export async function inspectMetrics(target: MetricsTarget): Promise<Inspection> {
  const findings = new Findings('metrics', target.service, target.secrets);
  const context: MetricContext = { ...target, findings };
  const answer = await fetchCounted(target);
  if (answer.status !== 200) {
    findings.add('content-type', target.url, {
      value: answer.status,
      message: 'the scrape must be answered with 200.',
    });
  }
  const type = answer.headers.get('content-type') ?? 'absent';
  if (!textType.test(type)) {
    const message = 'a scrape that asks for nothing else is answered as "text/plain; version=0.0.4".';
    findings.add('content-type', 'content-type', { value: type, message });
  }
  const exposition = parseExposition(answer.body, 'text');
  checkExposition(exposition, context);
  checkCounts(exposition, { ...target, context });
  const notes = [
    ...(await inspectOpenMetrics(context, target)),
    ...runPromtool(answer.body, context, target),
  ];
  return {
    subject: 'metrics',
    where: target.service,
    findings: findings.list,
    checked: count(exposition),
    notes,
  };
}

/** Every check that needs nothing but the text. */
export function checkExposition(exposition: Exposition, context: MetricContext): void {
  for (const check of [checkFamilies, checkLabels, checkValues, checkNames]) check(exposition, context);
}

function count({ families, sampleCount }: Exposition): string {
  return `${families.size} metrics, ${sampleCount} samples`;
}

function fetchText(url: string): Promise<Answer> {
  return ask(url, { headers: { accept: 'text/plain; version=0.0.4' } });
}

/** The exposition once all probes are counted, or as it is after two seconds. */
async function fetchCounted({ url, results, baseline }: MetricsTarget): Promise<Answer> {
  const deadline = performance.now() + countedWithinMs;
  for (;;) {
    const answer = await fetchText(url);
    const isLate = performance.now() > deadline;
    if (isLate || areCounted(parseExposition(answer.body, 'text'), results, baseline)) return answer;
    await sleep(pollMs);
  }
}

async function inspectOpenMetrics(context: MetricContext, { url }: MetricsTarget): Promise<string[]> {
  const answer = await ask(url, { headers: { accept: 'application/openmetrics-text; version=1.0.0' } });
  if (!openMetricsType.test(answer.headers.get('content-type') ?? '')) {
    return ['OpenMetrics was asked for and not offered; text 0.0.4 alone was checked'];
  }
  checkExposition(parseExposition(answer.body, 'openmetrics'), context);
  return ['text 0.0.4 and OpenMetrics were checked'];
}

function runPromtool(text: string, context: MetricContext, { environment }: MetricsTarget): string[] {
  const program = findPromtool(environment);
  if (program === undefined)
    return ["promtool is not installed: its lint was left out, the gate's own was not"];
  checkWithPromtool(program, text, context);
  return ['promtool was run'];
}
