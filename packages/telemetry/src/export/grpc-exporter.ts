import {
  type ChannelCredentials,
  Client,
  type ClientOptions,
  type ClientUnaryCall,
  compressionAlgorithms,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import type { OtlpSettings } from '../config/settings.ts';
import { encodeSpans, type Resource } from './encode.ts';
import type { ExportResult, SpanExporter } from './exporter.ts';
import { readPartialSuccess } from './partial-success.ts';
import { readRetryInfo } from './retry-info.ts';
import { readTlsFiles, type TlsFiles } from './tls-files.ts';

const exportPath = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
/** The OTLP specification's limit of what a client sends. */
const maximumMessageBytes = 64 * 1024 * 1024;

const channelOptions: ClientOptions = {
  'grpc.enable_retries': 0,
  'grpc.max_send_message_length': maximumMessageBytes,
  // How soon a collector that comes back is found again.
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 5_000,
};

/** Where a receiver puts RetryInfo. */
const detailsKey = 'grpc-status-details-bin';

/** The codes the OTLP specification calls retryable; RESOURCE_EXHAUSTED is so only with RetryInfo. */
const retryable: readonly number[] = [
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  status.ABORTED,
  status.OUT_OF_RANGE,
  status.UNAVAILABLE,
  status.DATA_LOSS,
];

function createCredentials(settings: OtlpSettings, files: TlsFiles): ChannelCredentials {
  if (settings.insecure) return credentials.createInsecure();
  return credentials.createSsl(files.ca ?? null, files.key ?? null, files.certificate ?? null);
}

/** Sends spans to an OTLP receiver over gRPC. */
export function createGrpcExporter(
  settings: OtlpSettings,
  resource: Resource,
  { files = readTlsFiles(settings) }: { files?: TlsFiles } = {},
): SpanExporter {
  const client = new Client(settings.address, createCredentials(settings, files), {
    ...channelOptions,
    'grpc.default_compression_algorithm':
      settings.compression === 'gzip' ? compressionAlgorithms.gzip : compressionAlgorithms.identity,
  });
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
          { deadline: Date.now() + settings.timeoutMs },
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
  const retryAfterMs = retryAfter(error);
  const isRetryable =
    error.code === status.RESOURCE_EXHAUSTED ? retryAfterMs !== undefined : retryable.includes(error.code);
  if (!isRetryable) return { outcome: 'refused', reason };
  return retryAfterMs === undefined || retryAfterMs === 0
    ? { outcome: 'retry', reason }
    : { outcome: 'retry', reason, retryAfterMs };
}

/** The pause that RetryInfo names, 0 when it names none; undefined without RetryInfo. */
function retryAfter({ metadata }: ServiceError): number | undefined {
  const [details] = metadata.get(detailsKey);
  return Buffer.isBuffer(details) ? readRetryInfo(details) : undefined;
}
