// The other side of the forwarder: a model that answers at once, and a sink that drains traces and counts them.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSpanSink } from '../harness/span-sink.ts';
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

const sinkPort = await startSpanSink((request) => {
  spans += countSpans(request);
});

process.on('message', (message) => {
  if (message === 'exit') process.exit();
  process.send?.({ spans });
  spans = 0;
});
process.on('disconnect', () => process.exit());
process.send?.({ modelPort: (model.address() as AddressInfo).port, sinkPort });
