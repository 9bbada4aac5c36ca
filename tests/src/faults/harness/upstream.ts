import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the provider got it. */
export interface UpstreamRequest {
  readonly body: { readonly stream?: boolean; readonly messages?: readonly unknown[] };
}

export type Behaviour = (response: ServerResponse, request: UpstreamRequest) => unknown;

/** A provider that does what a test tells it to. */
export interface Upstream {
  readonly origin: string;
  behave: Behaviour;
  /** Requests so far, read whole or not. */
  readonly requests: number;
  /** Connections open at present. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

const head = { id: 'chatcmpl-1', created: 1_754_000_000, model: 'acme-large' };
const usage = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 };

/** An event of a chat stream. */
export function chunk(content: string, finishReason: string | null = null): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: finishReason }];
  return `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices })}\n\n`;
}

export const doneEvent = 'data: [DONE]\n\n';

/** A whole chat stream, without usage. */
export const wholeStream = chunk('Hello') + chunk(' you', 'stop') + doneEvent;

export const completion = JSON.stringify({
  ...head,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello you' }, finish_reason: 'stop' }],
  usage,
});

export function startStream(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream' });
}

export function answerJson(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Behaviour {
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}

/** Answers as it should. */
export const behaveWell: Behaviour = (response, { body }) => {
  if (body.stream === true) startStream(response).end(wholeStream);
  else answerJson(200, completion)(response, { body });
};

async function read(request: IncomingMessage): Promise<UpstreamRequest> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return { body: JSON.parse(Buffer.concat(parts).toString()) as UpstreamRequest['body'] };
}

/** Starts it on a free port. It keeps no connection open that it has answered on, so that none is left to be counted. */
export async function startUpstream(): Promise<Upstream> {
  const state = { behave: behaveWell, requests: 0 };
  const server = createServer({ keepAlive: false }, (request, response) => {
    state.requests += 1;
    response.on('error', () => undefined);
    read(request).then(
      (got) => state.behave(response, got),
      () => undefined,
    );
  });
  server.maxRequestsPerSocket = 1;
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve));
  return Object.assign(state, {
    origin: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () =>
      new Promise<number>((resolve, reject) =>
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
      ),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
