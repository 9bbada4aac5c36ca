import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo, Server } from 'node:net';

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The connection broke before the body was complete. */
  readonly cut: boolean;
}

export interface SendOptions {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly agent?: Agent;
  /** Leaves after the first bytes of the body. */
  readonly leave?: boolean;
}

/** A client of one server over real connections. */
export class TestClient {
  readonly port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 100 });

  constructor(server: Server) {
    this.port = (server.address() as AddressInfo).port;
  }

  async send(
    path: string,
    { method = 'GET', headers = {}, agent, leave = false }: SendOptions = {},
  ): Promise<Received> {
    const request = httpRequest({ port: this.port, path, method, headers, agent: agent ?? this.#agent });
    request.end();
    const [response] = await once(request, 'response');
    let text = '';
    let cut = false;
    try {
      for await (const chunk of response) {
        text += chunk;
        if (leave) request.destroy();
      }
    } catch {
      cut = true;
    }
    return { status: response.statusCode, headers: response.headers, text, cut };
  }

  /** Sends a request and leaves before its answer has begun. */
  async sendAndLeave(path: string, headers: OutgoingHttpHeaders): Promise<void> {
    const request = httpRequest({ port: this.port, path, headers, agent: new Agent() });
    request.on('error', () => {});
    request.end();
    await new Promise((resolve) => setTimeout(resolve, 50));
    request.destroy();
  }

  close(): void {
    this.#agent.destroy();
  }
}
