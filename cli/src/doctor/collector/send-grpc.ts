import { readFileSync } from 'node:fs';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { OtlpSettings } from '@ibex/telemetry/config';
import { readAnswer, type SendRequest, type SendResult, sendTimeoutMs } from './send.ts';
import type { Signal } from './test-records.ts';

const services: Readonly<Record<Signal, string>> = {
  traces: 'trace.v1.TraceService',
  metrics: 'metrics.v1.MetricsService',
  logs: 'logs.v1.LogsService',
};

/** OTLP/gRPC. */
export async function sendOverGrpc(request: SendRequest): Promise<SendResult> {
  const { otlp, signal, message, abort } = request;
  const client = new Client(otlp.address, credentialsOf(otlp), { 'grpc.enable_retries': 0 });
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(otlp.headers)) metadata.set(name, value);
  try {
    return await new Promise<SendResult>((resolve) => {
      const call = client.makeUnaryRequest(
        `/opentelemetry.proto.collector.${services[signal]}/Export`,
        (bytes: Buffer) => bytes,
        (bytes: Buffer) => bytes,
        message,
        metadata,
        { deadline: Date.now() + sendTimeoutMs },
        (error, answer) => resolve(error === null ? readAnswer(answer ?? Buffer.alloc(0)) : failure(error)),
      );
      abort.addEventListener('abort', () => call.cancel());
    });
  } finally {
    client.close();
  }
}

function credentialsOf({ insecure, caFile, certificateFile, keyFile }: OtlpSettings) {
  if (insecure) return credentials.createInsecure();
  const read = (file: string | undefined) => (file === undefined ? null : readFileSync(file));
  return credentials.createSsl(read(caFile), read(keyFile), read(certificateFile));
}

function failure({ code, details }: ServiceError): SendResult {
  // What the library adds in brackets is a time, and the same once more.
  const detail = `${status[code]}: ${details.split(' (', 1)[0]}`.slice(0, 200);
  if (code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED)
    return { outcome: 'unauthorised', detail };
  if (code === status.UNIMPLEMENTED) return { outcome: 'not_offered', detail };
  // A receiver for HTTP closes the connection at HTTP/2's greeting, or answers it in HTTP/1.1.
  const isOther = /protocol error|ECONNRESET|connection dropped|goaway|http status|content-type/i.test(
    details,
  );
  return { outcome: isOther ? 'wrong_protocol' : 'failed', detail };
}
