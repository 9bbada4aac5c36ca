import { readFileSync } from 'node:fs';
import {
  type ChannelCredentials,
  Client,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import type { OtlpSettings } from '../config/settings.ts';
import { encodeSpans, type Resource } from './encode.ts';
import type { ExportResult, SpanExporter } from './exporter.ts';

const exportPath = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const timeoutMs = 10_000;

/** The codes the OTLP specification calls retryable; RESOURCE_EXHAUSTED only comes with RetryInfo, read as one here. */
const retryable: readonly number[] = [
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  status.ABORTED,
  status.OUT_OF_RANGE,
  status.UNAVAILABLE,
  status.DATA_LOSS,
];

function createCredentials(settings: OtlpSettings): ChannelCredentials {
  if (settings.insecure) return credentials.createInsecure();
  const { caFile, certificateFile, keyFile } = settings;
  return credentials.createSsl(
    caFile === undefined ? null : readFileSync(caFile),
    keyFile === undefined ? null : readFileSync(keyFile),
    certificateFile === undefined ? null : readFileSync(certificateFile),
  );
}

/** Sends spans to an OTLP receiver over gRPC. */
export function createGrpcExporter(settings: OtlpSettings, resource: Resource): SpanExporter {
  const client = new Client(settings.address, createCredentials(settings), { 'grpc.enable_retries': 0 });
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(settings.headers)) metadata.set(name, value);

  return {
    export: (spans) =>
      new Promise((resolve) => {
        client.makeUnaryRequest(
          exportPath,
          (message: Buffer) => message,
          (message: Buffer) => message,
          encodeSpans(spans, resource),
          metadata,
          { deadline: Date.now() + timeoutMs },
          (error) => resolve(toResult(error)),
        );
      }),
    close: () => client.close(),
  };
}

function toResult(error: ServiceError | null): ExportResult {
  if (error === null) return { outcome: 'accepted' };
  const reason = `${status[error.code]}: ${error.details}`;
  return { outcome: retryable.includes(error.code) ? 'retry' : 'refused', reason };
}
