import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LeakyUpstream {
  readonly baseUrl: string;
  /** All that it was sent. */
  readonly received: string[];
  close(): Promise<void>;
}

/** A provider that fails, and repeats in its error what it was sent: the key, the address, and the prompt. */
export async function startLeakyUpstream(): Promise<LeakyUpstream> {
  const received: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    received.push(body);
    const { prompt, status } = readPrompt(body);
    const told = `Incorrect API key provided: ${request.headers.authorization} for ${request.url}: ${prompt}`;
    const error = { message: told, type: 'invalid_request_error', param: prompt, code: 'invalid_api_key' };
    response.writeHead(status, { 'content-type': 'application/json', 'x-error': 'refused' });
    response.end(JSON.stringify({ error }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const statuses = [401, 400, 429, 500, 403, 404];

function readPrompt(body: string): { prompt: string; status: number } {
  try {
    const { messages } = JSON.parse(body) as { messages: readonly { content: string }[] };
    const prompt = messages.at(-1)?.content ?? '';
    return { prompt, status: statuses[prompt.length % statuses.length] ?? 500 };
  } catch {
    return { prompt: body, status: 400 };
  }
}
