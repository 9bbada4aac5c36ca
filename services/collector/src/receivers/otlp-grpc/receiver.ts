import type { ServerUnaryCall, ServiceDefinition, sendUnaryData } from '@grpc/grpc-js';
import { Metadata, Server, ServerCredentials } from '@grpc/grpc-js';
import { redactText } from '@ibex/telemetry/privacy';
import type { Signal } from '../../otlp/decode-context.ts';
import { encodeExportResponse } from '../../otlp/export-response.ts';
import type { RpcStatus } from '../../otlp/rpc-status.ts';
import { encodeRpcStatus } from '../../otlp/rpc-status.ts';
import type { ExportOutcome, Ingest } from '../ingest.ts';
import { overloaded } from '../ingest.ts';

/** The services of opentelemetry.proto.collector, each with one method `Export`. */
const SERVICES: ReadonlyMap<Signal, string> = new Map([
  ['traces', 'opentelemetry.proto.collector.trace.v1.TraceService'],
  ['logs', 'opentelemetry.proto.collector.logs.v1.LogsService'],
  ['metrics', 'opentelemetry.proto.collector.metrics.v1.MetricsService'],
]);

/** The specification's limit for OTLP/gRPC; grpc-js applies it after decompression as well. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
const MAX_CONCURRENT_STREAMS = 256;
const STOP_TIMEOUT_MS = 400;

export interface OtlpGrpcOptions {
  ingest: Ingest;
  host: string;
  /** 0 takes any free port. */
  port: number;
}

/** Receives OTLP over gRPC: `Export` of the trace, logs and metrics services, plain or gzip. */
export class OtlpGrpcReceiver {
  readonly #ingest: Ingest;
  readonly #address: string;
  readonly #server: Server;

  constructor({ ingest, host, port }: OtlpGrpcOptions) {
    this.#ingest = ingest;
    this.#address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    this.#server = new Server({
      'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
      'grpc.max_concurrent_streams': MAX_CONCURRENT_STREAMS,
    });
    for (const [signal, service] of SERVICES) {
      this.#server.addService(exportService(service), {
        Export: (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => {
          void this.#export(signal, call.request).then((outcome) => answer(callback, { signal, outcome }));
        },
      });
    }
  }

  /**
   * Listens.
   * @returns the port listened on.
   * @throws an error that carries the system's, e.g. `EADDRINUSE` when the port is taken.
   */
  start(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(this.#address, ServerCredentials.createInsecure(), (error, port) => {
        if (error === null) resolve(port);
        else reject(error);
      });
    });
  }

  /** Takes no new calls, lets those in work end, and soon cuts what does not: its sender was not acknowledged, and keeps it. */
  stop(): Promise<void> {
    return new Promise((resolve) => {
      const cut = setTimeout(() => {
        this.#server.forceShutdown();
        resolve();
      }, STOP_TIMEOUT_MS);
      this.#server.tryShutdown(() => {
        clearTimeout(cut);
        resolve();
      });
    });
  }

  async #export(signal: Signal, body: Buffer): Promise<ExportOutcome> {
    const request = { signal, encoding: 'protobuf', transport: 'grpc', body } as const;
    if (!this.#ingest.reserve(body.length)) {
      return this.#ingest.refuse(request, overloaded('the collector has too many requests in work'));
    }
    try {
      return await this.#ingest.export(request);
    } finally {
      this.#ingest.release(body.length);
    }
  }
}

/** A service whose messages pass as bytes: decoding them is the receiver's part, so that it can say what is wrong. */
function exportService(service: string): ServiceDefinition {
  const asIs = (bytes: Buffer): Buffer => bytes;
  return {
    Export: {
      path: `/${service}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    },
  };
}

function answer(
  callback: sendUnaryData<Buffer>,
  { signal, outcome }: { signal: Signal; outcome: ExportOutcome },
): void {
  if (outcome.kind === 'stored') {
    callback(null, encodeExportResponse(outcome.partialSuccess, { signal, encoding: 'protobuf' }));
    return;
  }
  const { code, message } = outcome.status;
  callback({ code, details: redactText(message), metadata: statusDetails(outcome.status) });
}

/** gRPC carries details of an error as a whole google.rpc.Status in this trailer. */
function statusDetails(status: RpcStatus): Metadata {
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', encodeRpcStatus(status, 'protobuf'));
  return metadata;
}
