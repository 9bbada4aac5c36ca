import { Findings } from '../findings.ts';
import type { Locate } from '../locate.ts';
import type { Inspection } from '../model.ts';
import type { ProbeResult, ProbeRun } from './run-probes.ts';

const traceIdPattern = /^[0-9a-f]{32}$/;
const noTraceId = '0'.repeat(32);

/** Holds the answers to the probes against what they declare. */
export function checkProbes(service: string, run: ProbeRun, locate: Locate): Inspection {
  const findings = new Findings('probes', service);
  for (const result of run.results) checkResult(result, findings, locate);
  return {
    subject: 'probes',
    where: service,
    findings: findings.list,
    checked: `${run.results.length} requests`,
    notes: run.notes,
  };
}

function checkResult(result: ProbeResult, findings: Findings<'probes'>, locate: Locate): void {
  const { probe, status, requestId, answeredRequestId, answeredTraceId } = result;
  const contract = locate(probe.name);
  if (status !== probe.status) {
    const message = `${probe.method} ${probe.path} must be answered with ${probe.status}: it was ${status}.`;
    findings.add('probe-status', probe.name, { value: status, message, contract });
  }
  if (answeredRequestId !== requestId) {
    const message = `X-Request-ID must be the one that was sent, ${requestId}.`;
    const value = answeredRequestId || 'absent';
    findings.add('correlation-headers', probe.name, { label: 'X-Request-ID', value, message });
  }
  if (!traceIdPattern.test(answeredTraceId) || answeredTraceId === noTraceId) {
    const message = 'X-Trace-ID must be 32 lower-case hex digits, not all zero.';
    const value = answeredTraceId || 'absent';
    findings.add('correlation-headers', probe.name, { label: 'X-Trace-ID', value, message });
  }
}
