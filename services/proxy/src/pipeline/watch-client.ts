import type { ServerResponse } from 'node:http';
import type { CallReport } from '../providers/call-report.ts';
import { ProviderFailure } from '../providers/failure.ts';
import type { StreamingPolicy } from './streaming-policy.ts';

/** Watches for the client to leave. */
export interface ClientWatch {
  /** From now on a client that leaves leaves a stream behind, which may be drained. */
  startStream(): void;
}

/**
 * Stops the call when the client leaves before its answer is complete; a stream is left to be drained where the policy says
 * so, for at most its time.
 */
export function watchClient(
  raw: ServerResponse,
  { report, policy }: { report: CallReport; policy: StreamingPolicy },
): ClientWatch {
  let streaming = false;
  const leave = () => {
    if (streaming && policy.onDisconnect === 'drain' && report.aborted === undefined)
      startDrain(report, policy);
    else abort(report);
  };
  if (raw.destroyed) leave();
  // Before other listeners: the log line that they write tells how the call ended.
  raw.prependOnceListener('close', () => {
    if (!raw.writableFinished) leave();
  });
  return {
    startStream() {
      streaming = true;
    },
  };
}

function abort(report: CallReport): void {
  report.abort(new ProviderFailure('client_left', { provider: report.served?.provider ?? 'none' }));
}

function startDrain(report: CallReport, { drain }: StreamingPolicy): void {
  report.leave();
  const timer = setTimeout(() => abort(report), drain.limitMs);
  report.onEnd(() => clearTimeout(timer));
}
