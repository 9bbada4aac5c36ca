import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import {
  type AgentVerdict,
  AuthService,
  type AuthServiceClient,
  type KillStatus,
  type RecordKillRequest,
  type TokenVerdict,
} from '@ibex/api/auth';
import type { components } from '@ibex/api/auth-http';

/** The schemas of the HTTP API. */
export type Schemas = components['schemas'];

/** An answer of the HTTP API. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  /** Sent as it is instead of `body`. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls the HTTP API at `url`. The body is what the caller says it is: tests look at it. */
export async function call<Body = Schemas['Error']>(
  methodAndUrl: `${'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT'} ${string}`,
  { token, body, raw, headers = {} }: CallOptions = {},
): Promise<Answer<Body>> {
  const [method = '', url = ''] = methodAndUrl.split(' ', 2);
  const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(text === undefined ? {} : { body: text }),
  });
  const answer = await response.text();
  const parsed = answer === '' ? undefined : JSON.parse(answer);
  return { status: response.status, headers: response.headers, body: parsed as Body };
}

/** A real gRPC client with promises. */
export class VerdictClient {
  readonly #client: AuthServiceClient;

  constructor(address: string) {
    this.#client = new AuthService(address, credentials.createInsecure());
  }

  validateToken(token: string, headers: Readonly<Record<string, string>> = {}): Promise<TokenVerdict> {
    return this.#call((answer) =>
      this.#client.validateToken({ token }, metadataOf(headers), deadline(), answer),
    );
  }

  validateAgent(agentId: string, orgId: string): Promise<AgentVerdict> {
    return this.#call((answer) =>
      this.#client.validateAgent({ agentId, orgId }, new Metadata(), deadline(), answer),
    );
  }

  /** The status of the answer. */
  async recordKill(
    kill: RecordKillRequest,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<KillStatus> {
    const answer = await this.#call<{ status: KillStatus }>((resolve) =>
      this.#client.recordKill(kill, metadataOf(headers), deadline(), resolve),
    );
    return answer.status;
  }

  close(): void {
    this.#client.close();
  }

  #call<Response>(
    start: (answer: (error: ServiceError | null, response?: Response) => void) => unknown,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      start((error, response) => (response === undefined ? reject(error) : resolve(response)));
    });
  }
}

function metadataOf(headers: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}

function deadline() {
  return { deadline: Date.now() + 10_000 };
}
