import { randomBytes } from 'node:crypto';
import { UserError } from '../../user-error.ts';
import { readCredentials } from '../credentials.ts';
import type { AttachTarget, GateRequest } from '../gate-request.ts';
import { ask } from '../http.ts';
import { createLocator, createProbeLocator } from '../locate.ts';
import { inspectLogs } from '../logs/inspect-logs.ts';
import { fetchBaseline, inspectMetrics } from '../metrics/inspect-metrics.ts';
import type { Inspection } from '../model.ts';
import { checkProbes } from '../probes/check-probes.ts';
import { type ProbeValues, secretValues } from '../probes/fill.ts';
import { type ProbeResult, runProbes } from '../probes/run-probes.ts';
import { createSecretTest } from '../secret-test.ts';
import { inspectTraces } from '../traces/inspect-traces.ts';
import { CollectorClient } from './collector-client.ts';

/** Sends the probes to a service that runs already; its spans and lines are asked of the collector they go to. */
export async function attachGate(request: GateRequest, target: AttachTarget): Promise<Inspection[]> {
  const { contract, probes, sources } = request.contract;
  const service = target.service ?? (await serviceNameAt(target.metricsUrl));
  if (!contract.services.includes(service)) {
    throw new UserError(`--service must be one of ${contract.services.join(', ')}: it is "${service}".`);
  }
  const values = readValues(request, target);
  const metricsUrl = `${target.metricsUrl}${target.metricsPath}`;
  const baseline = request.subjects.includes('metrics') ? await fetchBaseline(metricsUrl) : undefined;
  const sinceUnixMs = Date.now() - 1;
  const run = await runProbes({
    service,
    url: target.url,
    metricsUrl: target.metricsUrl,
    probes: probes[service] ?? [],
    values,
    mayMutate: false,
    runId: `gate-${randomBytes(6).toString('hex')}`,
  });
  const parts = {
    service,
    contract,
    results: run.results,
    locate: createLocator(sources, request.directory),
    secrets: createSecretTest(contract.sensitiveKeys, secretValues(values)),
  };
  const inspections = [checkProbes(service, run, createProbeLocator(sources, request.directory))];
  if (request.subjects.includes('metrics')) {
    const { environment } = request;
    inspections.push(await inspectMetrics({ ...parts, url: metricsUrl, baseline, environment }));
  }
  return [...inspections, ...(await inspectCollected(request, { target, parts, sinceUnixMs }))];
}

type Parts = Omit<Parameters<typeof inspectLogs>[0], 'lines'>;

async function inspectCollected(
  { subjects }: GateRequest,
  { target, parts, sinceUnixMs }: { target: AttachTarget; parts: Parts; sinceUnixMs: number },
): Promise<Inspection[]> {
  if (target.collector === undefined) return [];
  const collector = new CollectorClient(target.collector);
  const traced = parts.results.filter(({ probe }) => probe.traced !== false);
  const inspections: Inspection[] = [];
  if (subjects.includes('traces')) inspections.push(...(await inspectTracesAt(collector, traced, parts)));
  if (subjects.includes('logs')) {
    const requestIds = traced.map(({ requestId }) => requestId);
    const lines = await collector.linesOf(parts.service, { sinceUnixMs, requestIds });
    inspections.push(inspectLogs({ ...parts, lines }));
  }
  return inspections;
}

/** The spans of the probes' traces, those of the services around it as well. */
async function inspectTracesAt(
  collector: CollectorClient,
  traced: readonly ProbeResult[],
  parts: Parts,
): Promise<Inspection[]> {
  const traceIds = traced
    .map(({ answeredTraceId }) => answeredTraceId)
    .filter((id) => /^[0-9a-f]{32}$/.test(id));
  const allSpans = await collector.spansOf(traceIds);
  const byService = Map.groupBy(allSpans, ({ resource }) =>
    String(resource['service.name'] ?? parts.service),
  );
  const services = new Set([parts.service, ...byService.keys()]);
  return [...services].map((service) =>
    inspectTraces({
      ...parts,
      service,
      results: service === parts.service ? parts.results : [],
      spans: byService.get(service) ?? [],
      allSpans,
    }),
  );
}

async function serviceNameAt(url: string): Promise<string> {
  const { body } = await ask(`${url}/healthz`);
  try {
    const { service } = JSON.parse(body) as { service?: unknown };
    if (typeof service === 'string') return service;
  } catch {
    // Told below.
  }
  throw new UserError(
    `${url}/healthz does not name its service. Name it with --service, or with --metrics-url where its health is.`,
  );
}

function readValues(
  { directory }: GateRequest,
  { url, credentialsFile, collector }: AttachTarget,
): ProbeValues {
  const values = readCredentials(credentialsFile, directory);
  values.set('origin', new URL(url).origin);
  if (collector !== undefined) values.set('query_token', collector.token);
  return values;
}
