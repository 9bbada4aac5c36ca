import { Server, ServerCredentials } from '@grpc/grpc-js';

const pass = (bytes: Buffer) => bytes;
const exportMethod = {
  path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  requestStream: false,
  responseStream: false,
  requestSerialize: pass,
  requestDeserialize: pass,
  responseSerialize: pass,
  responseDeserialize: pass,
} as const;

/**
 * Takes spans as a collector would: `take` gets each `ExportTraceServiceRequest` as it came, and every one is a success.
 * Resolves with the port on 127.0.0.1.
 */
export function startSpanSink(take: (request: Buffer) => void): Promise<number> {
  const sink = new Server();
  sink.addService({ Export: exportMethod }, {
    Export: (call: { request: Buffer }, callback: (error: null, value: Buffer) => void) => {
      take(call.request);
      callback(null, Buffer.alloc(0));
    },
  } as never);
  return new Promise((resolve, reject) => {
    sink.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}
