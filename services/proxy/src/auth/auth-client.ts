import {
  type CallOptions,
  type ChannelCredentials,
  type ClientOptions,
  type GrpcObject,
  makeGenericClientConstructor,
  type requestCallback,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import {
  type AgentVerdict,
  AuthService,
  type AuthServiceClient,
  type KillStatus,
  type RecordKillResponse,
  type RevocationBatch,
  type TokenVerdict,
} from '@ibex/api/auth';
import type { Telemetry } from '@ibex/telemetry';
import { clientInterceptor } from '@ibex/telemetry/grpc';
import { service as healthService } from 'grpc-health-check';

export interface AuthClientOptions {
  /** host:port of the auth service. */
  readonly address: string;
  readonly credentials: ChannelCredentials;
  /** The name its certificate is for, where that is not the host of the address. */
  readonly serverName?: string | undefined;
  /** Deadline of one call. */
  readonly timeoutMs: number;
  readonly telemetry: Telemetry;
}

/** Who is told what was revoked. */
export interface RevocationReader {
  readonly onBatch: (batch: RevocationBatch) => void;
  /** The stream has ended, for whatever reason. */
  readonly onEnd: () => void;
}

/** Tells what was revoked after a cursor; an empty one stands for none. */
export interface RevocationSource {
  /** @returns Ends the stream. */
  watchRevocations(cursor: string, reader: RevocationReader): () => void;
  listRevocations(cursor: string): Promise<RevocationBatch>;
}

/** Somebody ends the calls of a request. */
export interface Kill {
  readonly token: string;
  readonly requestId: string;
  readonly orgIds: string[];
  /** The gateway they are at. */
  readonly gateway: string;
  /** They had ended by themselves when they were to be ended. */
  readonly alreadyOver: boolean;
}

/** Asks the auth service. Every promise rejects with a gRPC error when there was no answer in time. */
export interface AuthClient extends RevocationSource {
  /** `clientAddress` is of who sent the token; empty when it is not known. */
  validateToken(token: string, clientAddress: string): Promise<TokenVerdict>;
  validateAgent(agentId: string, orgId: string): Promise<AgentVerdict>;
  /** Writes into the audit log that the calls of a request are about to be ended, in the name of who has the token. */
  recordKill(kill: Kill): Promise<KillStatus>;
  /** Rejects unless the service says that it is serving. */
  checkHealth(): Promise<void>;
  close(): void;
}

/** Asked several times a second: an answer that takes longer is no use. */
const listTimeoutMs = 500;

/** Back within two seconds after an outage of any length; the library's default goes up to two minutes. */
const channelOptions = {
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.min_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 2_000,
  // Finds out within seconds that the other side is gone without a word.
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 2_000,
};

type Unary<Request, Response> = (
  request: Request,
  options: CallOptions,
  callback: requestCallback<Response>,
) => unknown;

const HealthClient = makeGenericClientConstructor(healthService as ServiceDefinition, 'Health');

/** Asks, and takes what is not answered in time as a failure. */
export function call<Request, Response>(
  unary: Unary<Request, Response>,
  { request, timeoutMs }: { request: Request; timeoutMs: number },
): Promise<Response> {
  return new Promise((resolve, reject) => {
    unary(request, { deadline: Date.now() + timeoutMs }, (error, response) => {
      if (error !== null) reject(error);
      else if (response === undefined) reject(new Error('The auth service answered nothing.'));
      else resolve(response);
    });
  });
}

/** How every client of the auth service connects. */
export function clientOptions({
  serverName,
  telemetry,
}: Pick<AuthClientOptions, 'serverName' | 'telemetry'>): ClientOptions {
  const named =
    serverName === undefined
      ? {}
      : { 'grpc.ssl_target_name_override': serverName, 'grpc.default_authority': serverName };
  return { ...channelOptions, ...named, interceptors: [clientInterceptor(telemetry, { host: 'auth' })] };
}

function watch(client: AuthServiceClient, { cursor, reader }: { cursor: string; reader: RevocationReader }) {
  const stream = client.watchRevocations({ cursor });
  stream.on('data', reader.onBatch);
  for (const event of ['error', 'end']) stream.on(event, () => reader.onEnd());
  return () => stream.cancel();
}

/** Connects lazily: a service that is not there yet is found when it comes. */
export function createAuthClient(options: AuthClientOptions): AuthClient {
  const { address, timeoutMs, credentials } = options;
  const client = new AuthService(address, credentials, clientOptions(options));
  const shared = { channelOverride: client.getChannel() };
  // Without spans: what goes on all the time for as long as the gateway runs is nobody's request.
  const quiet = new AuthService(address, credentials, shared);
  const health = new HealthClient(address, credentials, shared) as unknown as {
    check: Unary<{ service: string }, { status: string }>;
  } & GrpcObject;
  const validateToken = client.validateToken.bind(client);
  const validateAgent = client.validateAgent.bind(client);
  const recordKill = client.recordKill.bind(client);
  const listRevocations = quiet.listRevocations.bind(quiet);

  return {
    validateToken: (token, clientAddress) =>
      call(validateToken, { request: { token, clientAddress }, timeoutMs }),
    validateAgent: (agentId, orgId) => call(validateAgent, { request: { agentId, orgId }, timeoutMs }),
    recordKill: async (kill) => {
      const { status } = await call<Kill, RecordKillResponse>(recordKill, { request: kill, timeoutMs });
      return status;
    },
    watchRevocations: (cursor, reader) => watch(quiet, { cursor, reader }),
    listRevocations: (cursor) => call(listRevocations, { request: { cursor }, timeoutMs: listTimeoutMs }),
    checkHealth: async () => {
      const { status } = await call(health.check.bind(health), { request: { service: '' }, timeoutMs });
      if (status !== 'SERVING') throw new Error(`the auth service at ${address} says it is ${status}`);
    },
    close: () => client.close(),
  };
}
