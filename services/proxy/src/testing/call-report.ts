import { CallTiming } from '../calls/call-timing.ts';
import { CallReport } from '../providers/call-report.ts';

/** A report of a call that no HTTP request stands behind. */
export function reportForTest(): CallReport {
  return new CallReport({
    requestId: 'request-1',
    dialect: 'chat',
    model: 'model-1',
    caller: undefined,
    agentId: undefined,
    timing: new CallTiming(),
    record: undefined,
  });
}
