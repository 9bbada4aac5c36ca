import { promisify } from 'node:util';
import {
  type ChannelCredentials,
  type Client,
  type ClientUnaryCall,
  type Interceptor,
  makeGenericClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { AuthService, type AuthServiceClient, type TokenVerdict } from '@ibex/api/auth';
import { service as healthService } from 'grpc-health-check';

const timeoutMs = 2000;
const maximumMessageBytes = 64 * 1024;

type Unary<Request, Response> = (
  request: Request,
  options: { deadline: Date },
  callback: (error: ServiceError | null, response?: Response) => void,
) => ClientUnaryCall;

interface HealthClient extends Client {
  check: Unary<{ service: string }, { status: string }>;
}

/** Auth gave no verdict: it is down, too slow, or failed. */
export class AuthUnreachable extends Error {
  constructor(address: string, cause: unknown) {
    super(
      `auth at ${address} gives no answer (${reasonOf(cause)}). Check that it runs and that IBEX_AUTH_GRPC_ADDRESS names its gRPC port.`,
      { cause },
    );
    this.name = 'AuthUnreachable';
  }
}

export interface AuthClientOptions {
  readonly address: string;
  readonly credentials: ChannelCredentials;
  /** The name auth's certificate is for, where that is not the host of the address. */
  readonly serverName?: string | undefined;
  readonly interceptors: readonly Interceptor[];
}

/** The console's connection to auth. Every call ends within two seconds. */
export class AuthClient {
  readonly #address: string;
  readonly #tokens: AuthServiceClient;
  readonly #health: HealthClient;

  constructor(options: AuthClientOptions) {
    this.#address = options.address;
    const channel = {
      'grpc.max_receive_message_length': maximumMessageBytes,
      // The default waits up to two minutes: a restarted auth would look down for as long.
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 2000,
    };
    const { credentials, serverName } = options;
    const named =
      serverName === undefined
        ? {}
        : { 'grpc.ssl_target_name_override': serverName, 'grpc.default_authority': serverName };
    this.#tokens = new AuthService(options.address, credentials, {
      ...channel,
      ...named,
      interceptors: [...options.interceptors],
    });
    const Health = makeGenericClientConstructor(healthService, 'grpc.health.v1.Health');
    this.#health = new Health(options.address, credentials, {
      ...channel,
      ...named,
    }) as unknown as HealthClient;
  }

  /**
   * Asks whose token it is. A refusal is a verdict, too.
   * @throws {AuthUnreachable} when there is no verdict.
   */
  async validateToken(token: string): Promise<TokenVerdict> {
    const call: Unary<{ token: string }, TokenVerdict> = this.#tokens.validateToken.bind(this.#tokens);
    return await this.#ask(call, { token });
  }

  /** @throws {AuthUnreachable} when auth does not say that it serves. */
  async ready(): Promise<void> {
    const { status } = await this.#ask(this.#health.check.bind(this.#health), { service: '' });
    if (status !== 'SERVING') throw new AuthUnreachable(this.#address, new Error(`its health is ${status}`));
  }

  close(): void {
    this.#tokens.close();
    this.#health.close();
  }

  async #ask<Request, Response>(call: Unary<Request, Response>, request: Request): Promise<Response> {
    const ask = promisify(
      (options: { deadline: Date }, callback: (error: ServiceError | null, response?: Response) => void) =>
        call(request, options, callback),
    );
    try {
      const response = await ask({ deadline: new Date(Date.now() + timeoutMs) });
      if (response === undefined) throw new Error('an empty answer');
      return response;
    } catch (error) {
      throw new AuthUnreachable(this.#address, error);
    }
  }
}

function reasonOf(cause: unknown): string {
  if (typeof cause === 'object' && cause !== null && 'details' in cause && typeof cause.details === 'string')
    return cause.details;
  return cause instanceof Error ? cause.message : 'unknown reason';
}
