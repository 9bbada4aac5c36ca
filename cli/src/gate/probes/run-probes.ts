import type { ProbeDefinition } from '@ibex/contract';
import { type Answer, ask } from '../http.ts';
import { fill, missingValues, type ProbeValues } from './fill.ts';

/** A probe that was sent, and what came back. */
export interface ProbeResult {
  readonly probe: ProbeDefinition;
  readonly requestId: string;
  readonly status: number;
  /** What the answer's headers say; empty when they are absent. */
  readonly answeredRequestId: string;
  readonly answeredTraceId: string;
}

export interface ProbeRun {
  readonly results: readonly ProbeResult[];
  /** Probes that were left out, and why. */
  readonly notes: readonly string[];
}

export interface ProbeTarget {
  readonly service: string;
  readonly url: string;
  /** Base of the probes of health, readiness and metrics. */
  readonly metricsUrl: string;
  readonly probes: readonly ProbeDefinition[];
  /** Values for the braces; what probes remember is added. */
  readonly values: ProbeValues;
  /** Whether probes that change something may be sent. */
  readonly mayMutate: boolean;
  /** Begins the request id of each probe. */
  readonly runId: string;
}

/** What a service tells of itself, which it may do at a port of its own. */
const operationalRoutes: readonly string[] = ['/healthz', '/readyz', '/metrics'];

/** Sends the probes of a service, one after the other: later ones may need what earlier ones remember. */
export async function runProbes(target: ProbeTarget): Promise<ProbeRun> {
  const results: ProbeResult[] = [];
  const leftOut = new Map<string, string[]>();
  for (const [index, probe] of target.probes.entries()) {
    const obstacle = obstacleOf(probe, target);
    if (obstacle === undefined) results.push(await sendProbe(probe, target, index));
    else leftOut.set(obstacle, [...(leftOut.get(obstacle) ?? []), probe.name]);
  }
  return { results, notes: [...leftOut].map(([obstacle, names]) => leftOutNote(names, obstacle)) };
}

/** One note for all that had the same obstacle. */
function leftOutNote(names: readonly string[], obstacle: string): string {
  const subject = names.length === 1 ? '1 probe' : `${names.length} probes`;
  return `${subject} left out, ${obstacle}: ${names.join(', ')}`;
}

function obstacleOf(probe: ProbeDefinition, { values, mayMutate }: ProbeTarget): string | undefined {
  if (probe.mutates === true && !mayMutate) return 'it changes what the service keeps';
  const missing = missingValues([probe.path, probe.headers, placeholdersOnly(probe.body)], values);
  if (missing.length === 0) return undefined;
  return `no value for ${missing.map((name) => `{${name}}`).join(', ')}${hintFor(missing)}`;
}

/** Where a value comes from, for those that a person can give. */
function hintFor(missing: readonly string[]): string {
  const isOfFile = missing.every((name) => /(key|token)$/.test(name));
  return isOfFile ? ' (--credentials names a file that has it)' : '';
}

/** The texts of a body: braces of its JSON are no placeholders. */
function placeholdersOnly(body: unknown): string[] {
  if (typeof body === 'string') return [body];
  if (typeof body !== 'object' || body === null) return [];
  return Object.values(body).flatMap(placeholdersOnly);
}

async function sendProbe(
  probe: ProbeDefinition,
  { url, metricsUrl, values, runId }: ProbeTarget,
  index: number,
): Promise<ProbeResult> {
  const requestId = `${runId}-${index}`;
  const headers: Record<string, string> = { 'x-request-id': requestId, 'user-agent': 'ibex-gate' };
  for (const [name, value] of Object.entries(probe.headers ?? {})) headers[name] = fill(value, values);
  const body = probe.body === undefined ? undefined : JSON.stringify(filled(probe.body, values));
  if (body !== undefined) headers['content-type'] ??= 'application/json';
  const base = operationalRoutes.includes(probe.route) ? metricsUrl : url;
  const answer = await ask(`${base}${fill(probe.path, values)}`, {
    method: probe.method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  if (probe.remember !== undefined) remember(probe.remember, answer, values);
  return {
    probe,
    requestId,
    status: answer.status,
    answeredRequestId: answer.headers.get('x-request-id') ?? '',
    answeredTraceId: answer.headers.get('x-trace-id') ?? '',
  };
}

function filled(value: unknown, values: ProbeValues): unknown {
  if (typeof value === 'string') return fill(value, values);
  if (Array.isArray(value)) return value.map((item) => filled(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, values)]));
}

function remember(
  { name, from }: NonNullable<ProbeDefinition['remember']>,
  answer: Answer,
  values: ProbeValues,
): void {
  const value = from === 'cookie' ? cookieOf(answer) : fieldOf(answer.body, from.field);
  if (value !== undefined) values.set(name, value);
}

function cookieOf({ headers }: Answer): string | undefined {
  const cookies = headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
  return cookies.length === 0 ? undefined : cookies.join('; ');
}

function fieldOf(body: string, field: string): string | undefined {
  try {
    const value = (JSON.parse(body) as Record<string, unknown>)[field];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  } catch {
    return undefined;
  }
}
