import { setTimeout as sleep } from 'node:timers/promises';
import { Server as GrpcServer, type ServerCredentials } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { AuthService, authPackage } from '@ibex/api/auth';
import { UsageService, usagePackage } from '@ibex/api/usage';
import { fold, grpcStatuses, type IbexContract, type LabelsOf } from '@ibex/contract';
import type { Server } from '@ibex/service';
import type { Telemetry } from '@ibex/telemetry';
import { serverInterceptor } from '@ibex/telemetry/grpc';
import { HealthImplementation, protoPath as healthProtoPath } from 'grpc-health-check';
import type { Database } from '../database/database.ts';
import { type KillOptions, killHandlers } from './kills.ts';
import { type RevocationOptions, revocationHandlers } from './revocations.ts';
import { type UsageOptions, usageHandlers } from './usage.ts';
import { type VerdictOptions, verdictHandlers } from './verdicts.ts';

/** The largest request: a batch of records of usage. */
export const maximumMessageBytes = 512 * 1024;
const maximumStreamsPerConnection = 1000;
const drainTimeoutMs = 1000;

type GrpcLabels = LabelsOf<IbexContract, 'ibex_auth_grpc_requests_total'>;

export interface AuthGrpcServer extends Server {
  /** What `grpc.health.v1` says from now on. */
  setServing(serving: boolean): void;
}

export interface GrpcServerOptions extends VerdictOptions, RevocationOptions, UsageOptions, KillOptions {
  readonly database: Database;
  readonly host: string;
  readonly port: number;
  readonly credentials: ServerCredentials;
}

function createServer(telemetry: Telemetry): GrpcServer {
  const requests = telemetry.metrics.counter('ibex_auth_grpc_requests_total');
  const interceptor = serverInterceptor(telemetry, {
    // The registry folds a method outside the closed set into `other`.
    onEnd: ({ method, status }) =>
      requests.increment({ method: method as GrpcLabels['method'], status: fold(grpcStatuses, status) }),
  });
  return new GrpcServer({
    interceptors: [interceptor],
    'grpc.max_receive_message_length': maximumMessageBytes,
    'grpc.max_concurrent_streams': maximumStreamsPerConnection,
    // Nobody asks for the library's own statistics, and they are kept for each call.
    'grpc.enable_channelz': 0,
  });
}

function addReflection(server: GrpcServer): void {
  const healthPackage = loadSync(healthProtoPath);
  new ReflectionService({ ...healthPackage, ...authPackage, ...usagePackage }).addToServer(server);
}

function listen(
  server: GrpcServer,
  { address, credentials }: { address: string; credentials: ServerCredentials },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => (error === null ? resolve(port) : reject(error)));
  });
}

/** Lets calls under way finish for a while, then ends what is left. */
async function drain(server: GrpcServer): Promise<void> {
  const finished = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  await Promise.race([finished, sleep(drainTimeoutMs, undefined, { ref: false })]);
  server.forceShutdown();
}

/** The gRPC side of the service: verdicts, revocations, the usage ledger, health and reflection. */
export function createGrpcServer(options: GrpcServerOptions): AuthGrpcServer {
  const server = createServer(options.telemetry);
  const health = new HealthImplementation({ '': 'SERVING', 'ibex.auth.v1.AuthService': 'SERVING' });
  const setServing = (serving: boolean) => {
    for (const name of ['', 'ibex.auth.v1.AuthService']) {
      health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
    }
  };
  server.addService(AuthService.service, {
    ...verdictHandlers(options),
    ...revocationHandlers(options),
    ...killHandlers(options),
  });
  server.addService(UsageService.service, usageHandlers(options));
  health.addToServer(server);
  addReflection(server);
  return {
    name: 'grpc',
    listen: async () => {
      const { credentials } = options;
      const port = await listen(server, { address: `${options.host}:${options.port}`, credentials });
      return `${options.host}:${port}`;
    },
    close: async () => {
      setServing(false);
      await options.feed.stop();
      await drain(server);
    },
    setServing,
  };
}
