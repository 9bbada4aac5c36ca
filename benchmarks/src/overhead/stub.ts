// The other side of the forwarder: a model that answers at once, and a sink that drains traces and counts them.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { countSpans } from './count-spans.ts';
import { responseBody } from './payload.ts';

let spans = 0;
const responseHeaders = {
  'content-type': 'application/json',
  'content-length': Buffer.byteLength(responseBody),
};

const model = createServer((request, response) => {
  request.resume().once('end', () => response.writeHead(200, responseHeaders).end(responseBody));
});
model.keepAliveTimeout = 60_000;
await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve));

const sink = new Server();
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
sink.addService({ Export: exportMethod }, {
  Export: (call: { request: Buffer }, callback: (error: null, value: Buffer) => void) => {
    spans += countSpans(call.request);
    callback(null, Buffer.alloc(0));
  },
} as never);
const sinkPort = await new Promise<number>((resolve, reject) => {
  sink.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
    error === null ? resolve(port) : reject(error),
  );
});

process.on('message', (message) => {
  if (message === 'exit') process.exit();
  process.send?.({ spans });
  spans = 0;
});
process.on('disconnect', () => process.exit());
process.send?.({ modelPort: (model.address() as AddressInfo).port, sinkPort });
