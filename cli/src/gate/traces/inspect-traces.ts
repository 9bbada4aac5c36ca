import type { ContractDefinition } from '@ibex/contract';
import { Findings } from '../findings.ts';
import type { Locate } from '../locate.ts';
import type { Inspection } from '../model.ts';
import type { ProbeResult } from '../probes/run-probes.ts';
import type { SecretTest } from '../secret-test.ts';
import type { CapturedSpan } from './captured-span.ts';
import { checkSpan } from './check-span.ts';
import type { TraceContext } from './context.ts';
import { createMatcher } from './match-definition.ts';

export interface TracesTarget {
  readonly service: string;
  readonly contract: ContractDefinition;
  readonly locate: Locate;
  readonly secrets: SecretTest;
  readonly results: readonly ProbeResult[];
  /** The spans the service exported. */
  readonly spans: readonly CapturedSpan[];
  /** Those of the services around it as well: parents may be theirs. */
  readonly allSpans: readonly CapturedSpan[];
}

/** Holds the spans of a service against the contract and against the probes that were sent to it. */
export function inspectTraces(target: TracesTarget): Inspection {
  const findings = new Findings('traces', target.service, target.secrets);
  const context: TraceContext = { ...target, findings };
  const match = createMatcher(target.contract);
  const seen = new Set<string>();
  for (const span of target.spans) {
    const definition = match(span);
    if (definition !== undefined) seen.add(definition.key);
    checkSpan(span, definition, context);
  }
  checkParentage(target, context);
  const traces = Map.groupBy(target.allSpans, ({ traceId }) => traceId);
  for (const result of target.results) {
    if (result.probe.traced === false) checkQuiet(result, target, context);
    else checkProbeTrace(result, { spans: traces.get(result.answeredTraceId) ?? [], context });
  }
  return {
    subject: 'traces',
    where: target.service,
    findings: findings.list,
    checked: `${target.spans.length} spans`,
    notes: unseenNotes(target, seen),
  };
}

function checkParentage({ spans, allSpans }: TracesTarget, { findings }: TraceContext): void {
  const known = new Set(allSpans.map(({ traceId, spanId }) => `${traceId}/${spanId}`));
  for (const { name, traceId, parentSpanId } of spans) {
    if (parentSpanId === '' || known.has(`${traceId}/${parentSpanId}`)) continue;
    const message = `its parent ${parentSpanId} is in no exported span of trace ${traceId}.`;
    findings.add('parentage', name, { label: 'parentSpanId', message });
  }
}

function checkProbeTrace(
  { probe, answeredTraceId, requestId, status }: ProbeResult,
  { spans, context }: { spans: readonly CapturedSpan[]; context: TraceContext },
): void {
  const { findings, locate } = context;
  const expected = `${probe.method} ${probe.route}`;
  const roots = spans.filter(({ parentSpanId }) => parentSpanId === '');
  const [root] = roots;
  if (root === undefined || roots.length !== 1) {
    const message = `probe ${probe.name} must have one root span in trace ${answeredTraceId || '(no id answered)'}: there are ${roots.length}.`;
    findings.add('root-span', expected, { value: roots.length, message, contract: locate('http_server') });
    return;
  }
  if (root.name !== expected) {
    const message = `the root span of probe ${probe.name} must be named "${expected}".`;
    findings.add('span-name', expected, {
      value: root.name,
      message,
      contract: locate('http_server', 'name'),
    });
  }
  checkAgreement(root, { probe: probe.name, expected: { 'http.request_id': requestId } }, context);
  checkAgreement(root, { probe: probe.name, expected: { 'http.status_code': status } }, context);
  if (probe.mutates === true && status < 400 && spans.length === 1) {
    const message = `probe ${probe.name} changes something: what it calls and writes must show as child spans.`;
    findings.add('mutation-spans', root.name, { message });
  }
}

/** The root span says what the client saw. */
function checkAgreement(
  root: CapturedSpan,
  { probe, expected }: { probe: string; expected: Readonly<Record<string, unknown>> },
  { findings, locate }: TraceContext,
): void {
  for (const [attribute, value] of Object.entries(expected)) {
    const present = root.attributes[attribute];
    if (present === undefined || present === value) continue;
    const message = `${attribute} of probe ${probe} must be ${String(value)}.`;
    findings.add('root-span', root.name, {
      label: attribute,
      value: present,
      message,
      contract: locate(attribute),
    });
  }
}

function checkQuiet(result: ProbeResult, { spans }: TracesTarget, { findings }: TraceContext): void {
  for (const { name } of spans.filter(({ traceId }) => traceId === result.answeredTraceId)) {
    const message = `probe ${result.probe.name} must leave no span: it comes every few seconds.`;
    findings.add('quiet', name, { message });
  }
}

function unseenNotes({ service, contract }: TracesTarget, seen: ReadonlySet<string>): string[] {
  const unseen = Object.entries(contract.spans)
    .filter(([key, definition]) => definition.service.includes(service) && !seen.has(key))
    .map(([key]) => key);
  return unseen.length === 0 ? [] : [`no probe brought forth ${unseen.join(', ')}`];
}
