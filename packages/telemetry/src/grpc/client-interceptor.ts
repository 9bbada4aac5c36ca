import { InterceptingCall, type Interceptor, type Metadata, status } from '@grpc/grpc-js';
import { formatBaggage } from '../boundaries/baggage.ts';
import type { OutboundBoundary } from '../boundaries/boundaries.ts';
import { currentBaggage } from '../boundaries/current-baggage.ts';
import { currentRequest } from '../context/scope.ts';
import { keepHeader, parseKeepReason } from '../flight-recorder/keep-reason.ts';
import type { Telemetry } from '../telemetry.ts';
import { formatTraceparent } from '../traces/propagation.ts';
import type { Span } from '../traces/span.ts';
import { metadataKeys, rpcOf } from './method.ts';

export interface ClientInterceptorOptions {
  /** What is called, by its name in the contract's `boundaries.hosts`, which say what it is told. */
  readonly host?: string;
  /** The host name that is called, where it has no name in the contract. One that nobody declared is told nothing. */
  readonly address?: string;
}

/**
 * A client span for every call; what its host may know of trace context, request id, organisation and baggage travels as
 * metadata.
 *
 * @throws {TypeError} when the contract has no such host.
 */
export function clientInterceptor(
  telemetry: Telemetry,
  { host, address = '' }: ClientInterceptorOptions = {},
): Interceptor {
  const boundary = telemetry.boundaries.outbound(host)(address);
  return (options, nextCall) => {
    const rpc = rpcOf(options.method_definition.path);
    const span = telemetry.tracer.startSpan(rpc.name, { kind: 'client', attributes: rpc.attributes });
    return new InterceptingCall(nextCall(options), {
      start: (metadata, _listener, next) => {
        // What is left out here is passed on by the library; a spread of the given listener would not be.
        next(withContext(metadata, { telemetry, boundary, span }), {
          onReceiveStatus: (result, forward) => {
            span.setAttribute('rpc.grpc.status_code', result.code);
            if (result.code !== status.OK) {
              span.setAttribute('error.type', status[result.code]).setStatus('error', result.details);
            }
            const verdict = boundary.traceparent ? result.metadata.get(keepHeader)[0] : undefined;
            const reason = parseKeepReason(verdict);
            if (reason !== undefined) telemetry.flightRecorder?.hear(span, reason);
            span.end();
            forward(result);
          },
        });
      },
    });
  };
}

/** A copy: callers use one metadata for many calls, and an organisation must not stay in it. */
function withContext(
  given: Metadata,
  { telemetry, boundary, span }: { telemetry: Telemetry; boundary: OutboundBoundary; span: Span },
): Metadata {
  const metadata = given.clone();
  for (const name of boundary.withheld) metadata.remove(name);
  if (boundary.traceparent) metadata.set('traceparent', formatTraceparent(span));
  if (boundary.tracestate && span.traceState !== '') metadata.set('tracestate', span.traceState);
  const baggage = boundary.baggage ? currentBaggage() : undefined;
  const text = baggage && formatBaggage(baggage, telemetry.boundaries.baggageKeys);
  if (text !== undefined) metadata.set(metadataKeys.baggage, text);
  const request = currentRequest();
  if (request === undefined) return metadata;
  if (boundary.requestId) {
    metadata.set(metadataKeys.requestId, request.requestId);
    metadata.set(metadataKeys.correlationId, request.correlationId);
  }
  if (boundary.tenant && request.orgId !== undefined) metadata.set(metadataKeys.orgId, request.orgId);
  return metadata;
}
