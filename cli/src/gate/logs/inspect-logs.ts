import type { ContractDefinition } from '@ibex/contract';
import { Findings } from '../findings.ts';
import type { Locate } from '../locate.ts';
import type { Inspection } from '../model.ts';
import type { ProbeResult } from '../probes/run-probes.ts';
import type { SecretTest } from '../secret-test.ts';
import { type CapturedLine, isSpanLine, parseLine } from './captured-line.ts';
import { checkLine, nameOf } from './check-line.ts';
import type { LogContext } from './context.ts';

export interface LogsTarget {
  readonly service: string;
  readonly contract: ContractDefinition;
  readonly locate: Locate;
  readonly secrets: SecretTest;
  readonly results: readonly ProbeResult[];
  /** Everything the service wrote. */
  readonly lines: readonly CapturedLine[];
}

type Line = Readonly<Record<string, unknown>>;

/** Holds the lines of a service against the contract and against the probes that were sent to it. */
export function inspectLogs(target: LogsTarget): Inspection {
  const findings = new Findings('logs', target.service, target.secrets);
  const context: LogContext = { ...target, findings };
  const lines = target.lines.flatMap((line) => readLine(line, context));
  for (const line of lines) checkLine(line, context);
  for (const result of target.results) {
    if (result.probe.traced === false) checkQuiet(result, lines, context);
    else checkRequestLine(result, lines, context);
  }
  return {
    subject: 'logs',
    where: target.service,
    findings: findings.list,
    checked: `${lines.length} lines`,
    notes: [],
  };
}

function readLine({ text, stream }: CapturedLine, { findings, secrets }: LogContext): Line[] {
  const line = parseLine(text);
  if (line !== undefined) return isSpanLine(line) ? [] : [line];
  const secret = secrets.inText(text);
  const value = secret === undefined ? text : '(not shown)';
  findings.add('json', stream, { value, message: `a line on ${stream} is no JSON object.` });
  if (secret !== undefined)
    findings.add('no-secret', stream, { message: `${secret}; it is not shown here.` });
  return [];
}

function checkRequestLine(result: ProbeResult, lines: readonly Line[], context: LogContext): void {
  const { probe, requestId, status, answeredTraceId } = result;
  const { findings, locate } = context;
  const own = lines.filter((line) => line.request_id === requestId);
  const line = own.find(({ route, status: lineStatus }) => route !== undefined && lineStatus !== undefined);
  if (line === undefined) {
    const message = `probe ${probe.name} must have a line with its request id ${requestId}, route and status: ${own.length} lines have its id.`;
    findings.add('request-line', probe.name, { message, contract: locate('logFields', 'request_id') });
    return;
  }
  const expected = { method: probe.method, route: probe.route, status, trace_id: answeredTraceId };
  for (const [field, value] of Object.entries(expected)) {
    if (line[field] === value) continue;
    const message = `the line of probe ${probe.name} must have ${value}.`;
    findings.add('request-line', nameOf(line), {
      label: field,
      value: line[field] ?? 'absent',
      message,
      contract: locate('logFields', field),
    });
  }
}

function checkQuiet(result: ProbeResult, lines: readonly Line[], { findings }: LogContext): void {
  for (const line of lines.filter(({ request_id }) => request_id === result.requestId)) {
    const message = `probe ${result.probe.name} must leave no line: it comes every few seconds.`;
    findings.add('quiet', nameOf(line), { message });
  }
}
