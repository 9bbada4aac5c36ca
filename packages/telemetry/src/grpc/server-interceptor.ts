import {
  Metadata,
  ResponderBuilder,
  ServerInterceptingCall,
  type ServerInterceptor,
  ServerListenerBuilder,
  status,
} from '@grpc/grpc-js';
import { parseBaggage } from '../boundaries/baggage.ts';
import type { InboundBoundary } from '../boundaries/boundaries.ts';
import { acceptOrgId, callerOf } from '../boundaries/caller.ts';
import { type RequestRecord, runInScope } from '../context/scope.ts';
import { type KeepReason, keepHeader } from '../flight-recorder/keep-reason.ts';
import { isServerFault } from '../flight-recorder/verdict.ts';
import { acceptRequestId, createRequestId } from '../request-id/request-id.ts';
import type { Telemetry } from '../telemetry.ts';
import type { Span } from '../traces/span.ts';
import { metadataKeys, rpcOf } from './method.ts';

/** How a call ended. */
export interface RpcEnd {
  /** E.g. `ValidateToken`. */
  readonly method: string;
  /** Name of the gRPC status, e.g. `OK`. */
  readonly status: string;
  readonly durationSeconds: number;
}

export interface ServerInterceptorOptions {
  /**
   * The listener's name in the contract's `boundaries.listeners`, which say what is believed of its callers. Default:
   * the first of the service over gRPC.
   */
  readonly listener?: string;
  readonly onEnd?: (end: RpcEnd) => void;
}

const quietServices = /^grpc\.(health|reflection)\./;

/** A server span for every call, and a scope with the caller's request id around its handler. */
export function serverInterceptor(
  telemetry: Telemetry,
  options: ServerInterceptorOptions = {},
): ServerInterceptor {
  const boundary = telemetry.boundaries.inbound({ protocol: 'grpc', name: options.listener });
  return (definition, call) => {
    const rpc = rpcOf(definition.path);
    const startedAt = performance.now();
    let scope: { request: RequestRecord; span: Span } | undefined;
    let ended = false;

    function end(code: status, details: string): void {
      if (ended) return;
      ended = true;
      finishSpan(scope?.span, code, details);
      const durationSeconds = (performance.now() - startedAt) / 1000;
      options.onEnd?.({ method: rpc.method, status: status[code] ?? 'UNKNOWN', durationSeconds });
    }

    // Messages above the limit, or that cannot be read, the library refuses by itself, past every interceptor: only here
    // it can be seen with which status.
    const sendStatus = call.sendStatus.bind(call);
    call.sendStatus = (result) => {
      end(result.code ?? status.OK, result.details ?? '');
      sendStatus(result);
    };

    const responder = new ResponderBuilder()
      .withStart((next) => {
        const listener = new ServerListenerBuilder()
          .withOnReceiveMetadata((metadata, forward) => {
            scope = openScope(telemetry, { metadata, rpc, boundary });
            // Handlers of streams are called now, those of single messages at the half-close.
            runInScope(scope, () => forward(metadata));
          })
          .withOnReceiveHalfClose((forward) => (scope === undefined ? forward() : runInScope(scope, forward)))
          .withOnCancel(() => end(status.CANCELLED, 'the caller cancelled'))
          .build();
        next(listener);
      })
      .withSendStatus((result, next) => {
        const code = result.code ?? status.OK;
        const durationSeconds = (performance.now() - startedAt) / 1000;
        const pending = { span: scope?.span, code, name: rpc.name, durationSeconds };
        const reason = boundary.traceparent === 'accept' ? verdictFor(telemetry, pending) : undefined;
        const details = telemetry.sanitiser.redactText(result.details ?? '');
        end(code, details);
        const shown = code === status.OK ? result : { ...result, details };
        next(reason === undefined ? shown : { ...shown, metadata: withVerdict(result.metadata, reason) });
      })
      .build();
    return new ServerInterceptingCall(call, responder);
  };
}

function openScope(
  telemetry: Telemetry,
  {
    metadata,
    rpc,
    boundary,
  }: { metadata: Metadata; rpc: ReturnType<typeof rpcOf>; boundary: InboundBoundary },
): { request: RequestRecord; span: Span } {
  const text = (key: string) => metadata.get(key).map(String);
  const only = (key: string) => (text(key).length === 1 ? text(key)[0] : undefined);
  const id = (key: string) => (boundary.requestId ? acceptRequestId(only(key)) : undefined);
  const requestId = id(metadataKeys.requestId) ?? createRequestId();
  const correlationId = id(metadataKeys.correlationId) ?? requestId;
  const orgId = boundary.tenant ? acceptOrgId(only(metadataKeys.orgId)) : undefined;
  const joined = boundary.baggage ? text(metadataKeys.baggage).join(',') : undefined;
  const baggage = parseBaggage(joined, telemetry.boundaries.baggageKeys);
  const span = telemetry.tracer.startSpan(rpc.name, {
    kind: 'server',
    ...callerOf(boundary, only('traceparent'), text('tracestate')),
    quiet: quietServices.test(rpc.name),
    attributes: {
      ...rpc.attributes,
      'http.request_id': requestId,
      correlation_id: correlationId,
      org_id: orgId,
    },
  });
  const request: RequestRecord = { requestId, correlationId, method: rpc.method, route: rpc.name, span };
  if (orgId !== undefined) request.orgId = orgId;
  if (baggage !== undefined) request.baggage = baggage;
  return { request, span };
}

interface PendingStatus {
  readonly span: Span | undefined;
  readonly code: status;
  /** `package.Service/Method`. */
  readonly name: string;
  readonly durationSeconds: number;
}

/** What the caller is told: that this call failed here or was slow, or that its trace is kept already. */
function verdictFor(
  { flightRecorder }: Telemetry,
  { span, code, name, durationSeconds }: PendingStatus,
): KeepReason | undefined {
  if (flightRecorder === undefined || span === undefined || !span.isRecording) return undefined;
  const known = flightRecorder.reasonOf(span.traceId);
  if (known !== undefined) return known;
  if (isServerFault(code)) return 'status';
  return durationSeconds > (flightRecorder.slowThresholds.get(name) ?? Infinity) ? 'slow' : undefined;
}

function withVerdict(metadata: Metadata | null | undefined, reason: KeepReason): Metadata {
  const trailers = metadata?.clone() ?? new Metadata();
  trailers.set(keepHeader, reason);
  return trailers;
}

function finishSpan(span: Span | undefined, code: status, details: string): void {
  if (span === undefined) return;
  span.setAttribute('rpc.grpc.status_code', code);
  // A caller that leaves, such as a watcher that stops, is no failure of the server.
  if (code !== status.OK && code !== status.CANCELLED)
    span.setAttribute('error.type', status[code]).setStatus('error', details);
  span.end();
}
