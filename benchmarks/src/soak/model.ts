// A model that fails as it is asked to: the request's `user` names the fault. Speaks with its parent over IPC.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { completion, type Fault, promptTokens, streamEvents, usageEvent } from './payload.ts';

async function stream(response: ServerResponse, { count, pauseMs }: { count: number; pauseMs: number }) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of streamEvents(count)) {
    if (response.destroyed) return;
    response.write(event);
    if (pauseMs > 0) await delay(pauseMs);
  }
  response.end(`${usageEvent(count)}data: [DONE]\n\n`);
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  const error = { message: 'As the soak asked for.', type: 'x', code: null, param: null };
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify({ error }));
}

const behaviours: Readonly<Record<Fault, (response: ServerResponse) => unknown>> = {
  none: (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(completion)),
  stream: (response) => stream(response, { count: 20, pauseMs: 0 }),
  long: (response) => stream(response, { count: 100, pauseMs: 20 }),
  slow: async (response) => {
    await delay(300);
    await stream(response, { count: 10, pauseMs: 50 });
  },
  error: (response) => refuse(response, 500),
  limited: (response) => refuse(response, 429, { 'retry-after': '1' }),
  cut: (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(streamEvents(3).join(''), () => response.destroy());
  },
};

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.once('end', () => {
    const { user } = JSON.parse(Buffer.concat(parts).toString()) as { user: Fault };
    void behaviours[user](response);
  });
  response.on('error', () => undefined);
});
// Soon over, so that what the gateway keeps open at the end is its own.
server.keepAliveTimeout = 5_000;
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
process.on('disconnect', () => process.exit());
process.on('message', (message) => message === 'exit' && process.exit());
process.send?.({ port: (server.address() as AddressInfo).port, promptTokens });
