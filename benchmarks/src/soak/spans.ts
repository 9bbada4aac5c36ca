// Takes spans as a collector would and adds them up by name; speaks with its parent over IPC.
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { type ReadSpan, readSpans } from './read-spans.ts';

export interface SpanSums {
  requests: number;
  calls: number;
  inputTokens: number;
  outputTokens: number;
}

const sums: SpanSums = { requests: 0, calls: 0, inputTokens: 0, outputTokens: 0 };

function add({ name, inputTokens, outputTokens }: ReadSpan): void {
  if (name === 'POST /v1/chat/completions') sums.requests += 1;
  if (!/^provider\.generate(?:_stream)?$/.test(name)) return;
  sums.calls += 1;
  sums.inputTokens += inputTokens;
  sums.outputTokens += outputTokens;
}

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
const sink = new Server();
sink.addService({ Export: exportMethod }, {
  Export: (call: { request: Buffer }, callback: (error: null, value: Buffer) => void) => {
    for (const span of readSpans(call.request)) add(span);
    callback(null, Buffer.alloc(0));
  },
} as never);
const port = await new Promise<number>((resolve, reject) => {
  sink.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
    error === null ? resolve(bound) : reject(error),
  );
});
process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  if (message === 'exit') process.exit();
  process.send?.(sums);
});
process.send?.({ address: `127.0.0.1:${port}` });
