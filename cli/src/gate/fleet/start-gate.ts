import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCredentials } from '../credentials.ts';
import type { GateRequest, ScriptTarget, StartTarget } from '../gate-request.ts';
import { createLocator, createProbeLocator } from '../locate.ts';
import { isSpanLine, parseLine } from '../logs/captured-line.ts';
import { inspectLogs } from '../logs/inspect-logs.ts';
import { inspectMetrics, type MetricsInspection } from '../metrics/inspect-metrics.ts';
import type { Inspection } from '../model.ts';
import { checkProbes } from '../probes/check-probes.ts';
import { secretValues } from '../probes/fill.ts';
import { type ProbeResult, type ProbeRun, runProbes } from '../probes/run-probes.ts';
import { createSecretTest } from '../secret-test.ts';
import { type CapturedSpan, readSpan } from '../traces/captured-span.ts';
import { inspectTraces } from '../traces/inspect-traces.ts';
import type { FleetPlan } from './plan.ts';
import { planScript } from './plan-script.ts';
import { planServices } from './plan-services.ts';
import { type GateFleet, type RunningService, startFleet } from './start-fleet.ts';

/** A service with the probes it was sent. */
interface Probed {
  readonly service: RunningService;
  readonly run: ProbeRun;
}

type Shared = ReturnType<typeof sharedParts>;

/**
 * Starts the services and what they depend on, sends each its probes, scrapes them, stops them and reads what they
 * have written: with the stdout exporter, spans and lines are all there when the process has ended.
 */
export async function startGate(
  request: GateRequest,
  target: StartTarget | ScriptTarget,
): Promise<Inspection[]> {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-gate-'));
  const removeDirectory = () => rmSync(directory, { recursive: true, force: true });
  // Services stop by themselves when the gate is gone; the directory would stay.
  const stopAtOnce = () => {
    removeDirectory();
    process.exit(130);
  };
  process.once('SIGINT', stopAtOnce);
  try {
    const plan = await planOf(request, { target, directory });
    try {
      return await runPlan(plan, request, target);
    } finally {
      await plan.close();
    }
  } finally {
    removeDirectory();
    process.off('SIGINT', stopAtOnce);
  }
}

async function runPlan(
  plan: FleetPlan,
  request: GateRequest,
  target: StartTarget | ScriptTarget,
): Promise<Inspection[]> {
  const fleet = await startFleet(plan);
  try {
    return await inspectFleet(fleet, request, target);
  } finally {
    await fleet.stop();
  }
}

async function planOf(
  request: GateRequest,
  { target, directory }: { target: StartTarget | ScriptTarget; directory: string },
): Promise<FleetPlan> {
  if (target.kind === 'start') return planServices(target.services, { ...request, directory });
  const values = readCredentials(target.credentialsFile, request.directory);
  return planScript({ ...target, directory, environment: request.environment, values });
}

async function inspectFleet(
  fleet: GateFleet,
  request: GateRequest,
  target: StartTarget | ScriptTarget,
): Promise<Inspection[]> {
  const { subjects } = request;
  const probed: Probed[] = [];
  for (const service of fleet.services) probed.push({ service, run: await probe(service, fleet, request) });
  const shared = sharedParts(fleet, request);
  const metricsPath = target.kind === 'start' ? '/metrics' : target.metricsPath;
  const metrics = subjects.includes('metrics') ? await scrapeAll(probed, { shared, metricsPath }) : [];
  await fleet.stop();
  return [
    ...probed.map(({ service, run }) => checkProbes(service.name, run, shared.locateProbe)),
    ...metrics.map((inspection, index) => inspection.withExported(exportedBy(probed[index]?.service))),
    ...(subjects.includes('traces') ? tracesOf(probed, shared) : []),
    ...(subjects.includes('logs') ? logsOf(probed, shared) : []),
  ];
}

function sharedParts(fleet: GateFleet, { contract: loaded, directory, environment }: GateRequest) {
  const { contract, sources } = loaded;
  return {
    contract,
    environment,
    locate: createLocator(sources, directory),
    locateProbe: createProbeLocator(sources, directory),
    secrets: createSecretTest(contract.sensitiveKeys, secretValues(fleet.values)),
  };
}

function probe(
  { name, url, metricsUrl }: RunningService,
  { values }: GateFleet,
  request: GateRequest,
): Promise<ProbeRun> {
  values.set('origin', url);
  return runProbes({
    service: name,
    url,
    metricsUrl,
    probes: request.contract.probes[name] ?? [],
    values,
    mayMutate: true,
    runId: `gate-${name}-${randomBytes(6).toString('hex')}`,
  });
}

function scrapeAll(
  probed: readonly Probed[],
  { shared, metricsPath }: { shared: Shared; metricsPath: string },
): Promise<MetricsInspection[]> {
  return Promise.all(
    probed.map(({ service: { name, metricsUrl }, run: { results } }) =>
      inspectMetrics({
        ...shared,
        service: name,
        url: `${metricsUrl}${metricsPath}`,
        results,
        baseline: undefined,
      }),
    ),
  );
}

function exportedBy(service: RunningService | undefined): ReadonlySet<string> {
  return new Set(service === undefined ? [] : readSpans(service).map(({ traceId }) => traceId));
}

function tracesOf(probed: readonly Probed[], shared: Shared): Inspection[] {
  const spans = new Map(probed.map(({ service }) => [service, readSpans(service)]));
  const allSpans = [...spans.values()].flat();
  return probed.map(({ service, run: { results } }) => {
    return inspectTraces({
      ...shared,
      service: service.name,
      results,
      spans: spans.get(service) ?? [],
      allSpans,
    });
  });
}

function readSpans({ lines }: RunningService): CapturedSpan[] {
  return lines.flatMap(({ text }) => {
    const line = parseLine(text);
    return line !== undefined && isSpanLine(line) ? [readSpan(line)] : [];
  });
}

function logsOf(probed: readonly Probed[], shared: Shared): Inspection[] {
  return probed.map(({ service: { name, lines }, run }) => {
    const results: readonly ProbeResult[] = run.results;
    return inspectLogs({ ...shared, service: name, results, lines });
  });
}
