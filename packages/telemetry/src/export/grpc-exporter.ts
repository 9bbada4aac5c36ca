import { readFileSync } from 'node:fs';
import {
  type ChannelCredentials,
  Client,
  type ClientUnaryCall,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import type { OtlpSettings } from '../config/settings.ts';
import { encodeSpans, type Resource } from './encode.ts';
import type { ExportResult, SpanExporter } from './exporter.ts';
import { readPartialSuccess } from './partial-success.ts';

const exportPath = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const timeoutMs = 10_000;

/** How soon a collector that comes back is found again. */
const channelOptions = {
  'grpc.enable_retries': 0,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 5_000,
};

/** Where a receiver puts RetryInfo; RESOURCE_EXHAUSTED may be retried only with it. */
const detailsKey = 'grpc-status-details-bin';

/** The codes the OTLP specification calls retryable. */
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
  const client = new Client(settings.address, createCredentials(settings), channelOptions);
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(settings.headers)) metadata.set(name, value);
  let call: ClientUnaryCall | undefined;

  return {
    export: (spans) =>
      new Promise((resolve) => {
        call = client.makeUnaryRequest(
          exportPath,
          (message: Buffer) => message,
          (message: Buffer) => message,
          encodeSpans(spans, resource),
          metadata,
          { deadline: Date.now() + timeoutMs },
          (error, response) => resolve(error === null ? toAccepted(response) : toFailure(error)),
        );
      }),
    close: () => {
      call?.cancel();
      client.close();
    },
  };
}

function toAccepted(response: Buffer | undefined): ExportResult {
  const { rejected, message } = readPartialSuccess(response ?? Buffer.alloc(0));
  return { outcome: 'accepted', rejected, reason: message };
}

function toFailure(error: ServiceError): ExportResult {
  const reason = `${status[error.code]}: ${error.details}`;
  if (retryable.includes(error.code)) return { outcome: 'retry', reason };
  if (error.code !== status.RESOURCE_EXHAUSTED) return { outcome: 'refused', reason };
  const comesBack = error.metadata.get(detailsKey).length > 0;
  return comesBack ? { outcome: 'retry', reason } : { outcome: 'refused', reason, tooLarge: true };
}
