import {
  type CallOptions,
  credentials,
  type GrpcObject,
  makeGenericClientConstructor,
  type requestCallback,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { type AgentVerdict, AuthService, type TokenVerdict } from '@ibex/api/auth';
import type { Telemetry } from '@ibex/telemetry';
import { clientInterceptor } from '@ibex/telemetry/grpc';
import { service as healthService } from 'grpc-health-check';

export interface AuthClientOptions {
  /** host:port of the auth service. */
  readonly address: string;
  /** Deadline of one call. */
  readonly timeoutMs: number;
  readonly telemetry: Telemetry;
}

/** Asks the auth service. Every method rejects with a gRPC error when no verdict could be reached in time. */
export interface AuthClient {
  validateToken(token: string): Promise<TokenVerdict>;
  validateAgent(agentId: string, orgId: string): Promise<AgentVerdict>;
  /** Rejects unless the service says that it is serving. */
  checkHealth(): Promise<void>;
  close(): void;
}

/** Back within two seconds after an outage of any length; the library's default goes up to two minutes. */
const channelOptions = {
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.min_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 2_000,
};

type Unary<Request, Response> = (
  request: Request,
  options: CallOptions,
  callback: requestCallback<Response>,
) => unknown;

const HealthClient = makeGenericClientConstructor(healthService as ServiceDefinition, 'Health');

/** Connects lazily: a service that is not there yet is found when it comes. */
export function createAuthClient(options: AuthClientOptions): AuthClient {
  const { address, timeoutMs, telemetry } = options;
  const client = new AuthService(address, credentials.createInsecure(), {
    ...channelOptions,
    interceptors: [clientInterceptor(telemetry)],
  });
  const health = new HealthClient(address, credentials.createInsecure(), {
    channelOverride: client.getChannel(),
  }) as unknown as { check: Unary<{ service: string }, { status: string }> } & GrpcObject;

  function call<Request, Response>(unary: Unary<Request, Response>, request: Request): Promise<Response> {
    return new Promise((resolve, reject) => {
      unary(request, { deadline: Date.now() + timeoutMs }, (error, response) => {
        if (error !== null) reject(error);
        else if (response === undefined) reject(new Error('The auth service answered nothing.'));
        else resolve(response);
      });
    });
  }

  return {
    validateToken: (token) => call(client.validateToken.bind(client), { token }),
    validateAgent: (agentId, orgId) => call(client.validateAgent.bind(client), { agentId, orgId }),
    checkHealth: async () => {
      const { status } = await call(health.check.bind(health), { service: '' });
      if (status !== 'SERVING') throw new Error(`the auth service at ${address} says it is ${status}`);
    },
    close: () => client.close(),
  };
}
