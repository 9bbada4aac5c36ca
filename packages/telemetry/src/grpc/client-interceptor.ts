import { InterceptingCall, type Interceptor, type Metadata, status } from '@grpc/grpc-js';
import { currentRequest } from '../context/scope.ts';
import { keepHeader, parseKeepReason } from '../flight-recorder/keep-reason.ts';
import type { Telemetry } from '../telemetry.ts';
import { formatTraceparent } from '../traces/propagation.ts';
import type { Span } from '../traces/span.ts';
import { metadataKeys, rpcOf } from './method.ts';

/** A client span for every call; trace context, request id and organisation travel as metadata. */
export function clientInterceptor(telemetry: Telemetry): Interceptor {
  return (options, nextCall) => {
    const rpc = rpcOf(options.method_definition.path);
    const span = telemetry.tracer.startSpan(rpc.name, { kind: 'client', attributes: rpc.attributes });
    return new InterceptingCall(nextCall(options), {
      start: (metadata, _listener, next) => {
        // What is left out here is passed on by the library; a spread of the given listener would not be.
        next(withContext(metadata, span), {
          onReceiveStatus: (result, forward) => {
            span.setAttribute('rpc.grpc.status_code', result.code);
            if (result.code !== status.OK) {
              span.setAttribute('error.type', status[result.code]).setStatus('error', result.details);
            }
            const reason = parseKeepReason(result.metadata.get(keepHeader)[0]);
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
function withContext(given: Metadata, span: Span): Metadata {
  const metadata = given.clone();
  metadata.set('traceparent', formatTraceparent(span));
  if (span.traceState !== '') metadata.set('tracestate', span.traceState);
  const request = currentRequest();
  if (request === undefined) return metadata;
  metadata.set(metadataKeys.requestId, request.requestId);
  metadata.set(metadataKeys.correlationId, request.correlationId);
  if (request.orgId !== undefined) metadata.set(metadataKeys.orgId, request.orgId);
  return metadata;
}
