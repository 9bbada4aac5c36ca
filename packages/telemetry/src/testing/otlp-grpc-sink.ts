import { setTimeout as delay } from 'node:timers/promises';
import { type Metadata, Server, ServerCredentials, type ServiceError, status } from '@grpc/grpc-js';
import { type DecodedTraces, decodeTraces } from './otlp-schema.ts';

export interface ReceivedExport {
  readonly metadata: Metadata;
  readonly traces: DecodedTraces;
}

export interface OtlpGrpcSink {
  readonly address: string;
  readonly received: ReceivedExport[];
  stop(): void;
}

/** What the sink answers to one export: bytes, an error, or nothing at all. */
export type SinkAnswer = Buffer | Partial<ServiceError> | 'silence';

/** A real gRPC server that takes trace exports and answers as it is told, by default with success. */
export async function startOtlpGrpcSink({
  answer = () => Buffer.alloc(0),
  credentials = ServerCredentials.createInsecure(),
  address = '127.0.0.1:0',
  answerAfterMs = 0,
}: {
  answer?: (attempt: number) => SinkAnswer;
  credentials?: ServerCredentials;
  address?: string;
  answerAfterMs?: number;
} = {}): Promise<OtlpGrpcSink> {
  const received: ReceivedExport[] = [];
  const server = new Server();
  const pass = (bytes: Buffer) => bytes;
  const definition = {
    path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    requestStream: false,
    responseStream: false,
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  } as const;
  server.addService({ Export: definition }, {
    Export: async (
      call: { metadata: Metadata; request: Buffer },
      callback: (error: unknown, value?: Buffer) => void,
    ) => {
      received.push({ metadata: call.metadata, traces: decodeTraces(call.request) });
      const reply = answer(received.length);
      if (answerAfterMs > 0) await delay(answerAfterMs);
      if (Buffer.isBuffer(reply)) callback(null, reply);
      else if (reply !== 'silence') callback({ code: status.UNKNOWN, details: '', ...reply });
    },
  } as never);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, received, stop: () => server.forceShutdown() };
}
