import { resolve } from 'node:path';
import {
  type BuildContext,
  type BuiltService,
  createHttpServer,
  type Server,
  SettingsError,
  type SettingsOf,
} from '@ibex/service';
import { bootstrap } from './bootstrap/bootstrap.ts';
import type { authSettings } from './config.ts';
import { DatabaseWatch } from './database/watch.ts';
import { createGrpcServer } from './grpc/server.ts';
import { adminApi, bodyLimitBytes } from './http/admin-api.ts';
import { openDatabase } from './open-database.ts';
import { TokenHasher } from './tokens/token-hash.ts';

/** A server whose failure to listen names the variable that moves it. */
function movable(server: Server, setting: 'IBEX_AUTH_HTTP_PORT' | 'IBEX_AUTH_GRPC_PORT'): Server {
  return {
    ...server,
    listen: async () => {
      try {
        return await server.listen();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const message = `Cannot listen for ${server.name}: ${reason}. Set ${setting} to a free port, or IBEX_HOST to an address of this machine.`;
        throw new SettingsError(setting, message);
      }
    },
  };
}

/** Builds the service: its database, its credentials at the first start, and its two servers. */
export async function buildAuth({
  settings,
  telemetry,
}: BuildContext<SettingsOf<typeof authSettings>>): Promise<BuiltService> {
  const hasher = new TokenHasher(settings.IBEX_AUTH_TOKEN_HASH_KEY);
  const database = await openDatabase({ settings, telemetry });
  if (settings.IBEX_CREDENTIALS_FILE !== undefined) {
    const credentialsFile = resolve(settings.IBEX_CREDENTIALS_FILE);
    await bootstrap({ database, hasher, telemetry, credentialsFile });
  }
  const http = createHttpServer({
    telemetry,
    bodyLimitBytes,
    dependencies: { database: () => database.ping() },
  });
  http.register((app) => adminApi(app, { database, hasher, telemetry }), { prefix: '/v1' });
  const grpc = createGrpcServer({
    host: settings.IBEX_HOST,
    port: settings.IBEX_AUTH_GRPC_PORT,
    cacheTtlMs: settings.IBEX_AUTH_CACHE_TTL_MS,
    database,
    hasher,
    telemetry,
  });
  const watch = new DatabaseWatch({
    database,
    telemetry,
    onChange: (reachable) => grpc.setServing(reachable),
  });
  return {
    servers: [
      movable(grpc, 'IBEX_AUTH_GRPC_PORT'),
      movable(
        {
          name: 'http',
          listen: () => http.listen({ host: settings.IBEX_HOST, port: settings.IBEX_AUTH_HTTP_PORT }),
          close: () => http.close(),
        },
        'IBEX_AUTH_HTTP_PORT',
      ),
    ],
    stop: [async () => watch.stop(), () => database.close()],
  };
}
