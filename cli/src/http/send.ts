import type { Agent, IncomingMessage } from 'node:http';
import { http } from './http.ts';

export interface HttpAnswer {
  readonly status: number;
  /** Seconds of `Retry-After`; undefined when it is absent or a date. */
  readonly retryAfterSeconds: number | undefined;
  /** At most the first 64 KiB. */
  readonly body: string;
}

export interface HttpRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly agent?: Agent;
  /** From the start of the request to the end of the answer. */
  readonly timeoutMs: number;
}

const longestBodyBytes = 65_536;

/** Sends one request and reads its answer; rejects when there is none in time. */
export function send(url: string, request: HttpRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = http.request(url, {
      method: request.method ?? 'GET',
      headers: request.headers ?? {},
      ...(request.agent && { agent: request.agent }),
      signal: AbortSignal.timeout(request.timeoutMs),
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => readAnswer(response).then(resolve, reject));
    outgoing.end(request.body);
  });
}

async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (bytes < longestBodyBytes) chunks.push(chunk);
    bytes += chunk.length;
  }
  const retryAfter = response.headers['retry-after'];
  return {
    status: response.statusCode ?? 0,
    retryAfterSeconds:
      retryAfter !== undefined && /^\d{1,5}$/.test(retryAfter) ? Number(retryAfter) : undefined,
    body: Buffer.concat(chunks).toString('utf8', 0, longestBodyBytes),
  };
}
