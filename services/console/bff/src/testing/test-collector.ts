import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The bearer token the test collector takes. */
export const queryToken = 'query-token-of-the-test';

type Answer = { status?: number; body: unknown } | ((url: URL) => { status?: number; body: unknown });

/** An HTTP server that answers like the collector's query API, with the answers a test gives it. */
export class TestCollector {
  /** By path, without the query. */
  readonly answers = new Map<string, Answer>([['/api/v1/services', { body: { services: [] } }]]);
  /** What arrived, oldest first. */
  readonly requests: { url: URL; headers: IncomingMessage['headers'] }[] = [];
  #server: Server | undefined;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => this.#answer(request, response));
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  /** The queries that arrived for a path, without those of readiness checks. */
  queriesOf(path: string): URLSearchParams[] {
    return this.requests.filter(({ url }) => url.pathname === path).map(({ url }) => url.searchParams);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    this.requests.push({ url, headers: request.headers });
    const { status = 200, body } = this.#answerTo(url, request.headers.authorization);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  #answerTo(url: URL, authorization: string | undefined): { status?: number; body: unknown } {
    if (url.pathname === '/readyz') return { body: { status: 'ready', dependencies: {} } };
    if (authorization !== `Bearer ${queryToken}`)
      return { status: 401, body: problem('unauthorized', 'the bearer token is wrong') };
    const answer = this.answers.get(url.pathname);
    if (answer === undefined)
      return { status: 404, body: problem('not_found', `nothing at ${url.pathname}`) };
    return typeof answer === 'function' ? answer(url) : answer;
  }
}

/** The API's error shape. */
export function problem(code: string, message: string): unknown {
  return { error: { code, message, requestId: null } };
}
