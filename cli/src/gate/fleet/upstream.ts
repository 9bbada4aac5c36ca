import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A provider for the time of a gate, so that the way to one shows in the telemetry. */
export interface Upstream {
  /** Base URL of its API. */
  readonly url: string;
  /** The only model it has. */
  readonly model: string;
  close(): Promise<void>;
}

const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
const head = { id: 'chatcmpl-gate', created: 1_700_000_000, model: 'gate-model' };
const longestBodyBytes = 1024 * 1024;

/** Starts a server that speaks the chat completions API; a message with `fail` is answered with 500. */
export async function startUpstream(): Promise<Upstream> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      if (body.length < longestBodyBytes) body += String(chunk);
    });
    request.on('end', () => answer(body, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    model: head.model,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(body: string, response: ServerResponse): void {
  if (body.includes('fail')) {
    response
      .writeHead(500, { 'content-type': 'application/json' })
      .end('{"error":{"message":"out of order"}}');
  } else if (body.includes('"stream":true')) {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(stream());
  } else {
    const choice = { index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' };
    const completion = { ...head, object: 'chat.completion', choices: [choice], usage };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(completion));
  }
}

function stream(): string {
  const chunk = (choices: readonly unknown[], rest = {}) =>
    `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...rest })}\n\n`;
  return [
    chunk([{ index: 0, delta: { role: 'assistant', content: 'Hello' }, finish_reason: null }]),
    chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
    chunk([], { usage }),
    'data: [DONE]\n\n',
  ].join('');
}
