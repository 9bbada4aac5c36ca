import type { ContractDefinition } from '@ibex/contract';
import type { FinishedSpan } from '../traces/span.ts';
import type { KeepReason } from './keep-reason.ts';

/**
 * Seconds a request of a route, or a call of a gRPC method (`package.Service/Method`), may take before it counts as slow;
 * what has no objective is absent.
 */
export type SlowThresholds = ReadonlyMap<string, number>;

/**
 * gRPC codes that are the server's fault (OpenTelemetry's semantic conventions): UNKNOWN, DEADLINE_EXCEEDED,
 * UNIMPLEMENTED, INTERNAL, UNAVAILABLE and DATA_LOSS.
 */
const serverFaults: readonly unknown[] = [2, 4, 12, 13, 14, 15];
const firstServerError = 500;

/** The strictest objective of each route and gRPC method of a contract, from its SLOs. */
export function slowThresholds(contract: ContractDefinition): SlowThresholds {
  const thresholds = new Map<string, number>();
  for (const { selector, rpcMethods = [], thresholdSeconds } of Object.values(contract.slos)) {
    for (const name of [...(selector.route ?? []), ...rpcMethods]) {
      thresholds.set(name, Math.min(thresholdSeconds, thresholds.get(name) ?? Infinity));
    }
  }
  return thresholds;
}

/** Whether a gRPC status says that the server failed, rather than that the call was wrong. */
export function isServerFault(code: unknown): boolean {
  return serverFaults.includes(code);
}

/** What the end of a local root span says about its trace; undefined for one that nobody needs to see. */
export function verdictOf(span: FinishedSpan, thresholds: SlowThresholds): KeepReason | undefined {
  // Work of our own that begins with a call, such as a probe of a service that is down, is nobody's request.
  if (span.kind === 'client' || span.kind === 'producer') return undefined;
  return failureOf(span) ?? (isSlow(span, thresholds) ? 'slow' : undefined);
}

function failureOf({ attributes, events, status }: FinishedSpan): KeepReason | undefined {
  const grpcCode = attributes['rpc.grpc.status_code'];
  const isError = grpcCode === undefined ? status === 'error' : isServerFault(grpcCode);
  const httpStatus = Number(attributes['http.response.status_code'] ?? 0);
  if (!isError && httpStatus < firstServerError) return undefined;
  if (grpcCode === undefined && httpStatus < firstServerError) return 'error';
  return events.some(({ name }) => name === 'exception') ? 'error' : 'status';
}

function isSlow(
  { kind, attributes, startUnixMs, endUnixMs }: FinishedSpan,
  thresholds: SlowThresholds,
): boolean {
  if (kind !== 'server') return false;
  const rpcMethod = attributes['rpc.method'];
  const name =
    rpcMethod === undefined ? attributes['http.route'] : `${attributes['rpc.service']}/${rpcMethod}`;
  const threshold = thresholds.get(String(name));
  return threshold !== undefined && (endUnixMs - startUnixMs) / 1000 > threshold;
}
