import { resolve } from 'node:path';
import {
  type BuildContext,
  type BuiltService,
  createHttpServer,
  movable,
  type Server,
  type SettingsOf,
  type TlsFiles,
} from '@ibex/service';
import { createAudit } from '@ibex/telemetry/audit';
import { AuditRetention } from './audit/audit-retention.ts';
import { bootstrap } from './bootstrap/bootstrap.ts';
import type { authSettings } from './config.ts';
import { AttemptDamper } from './damping/attempt-damper.ts';
import type { Database } from './database/database.ts';
import { DatabaseWatch } from './database/watch.ts';
import { createGrpcServer } from './grpc/server.ts';
import { adminApi, bodyLimitBytes } from './http/admin-api.ts';
import { RequestRate } from './http/request-rate.ts';
import { openDatabase } from './open-database.ts';
import { RevocationFeed } from './revocations/revocation-feed.ts';
import { grpcCredentials, openTlsFiles, reloadOnSignal } from './tls.ts';
import { TokenHasher } from './tokens/token-hash.ts';
import { batchedLookups } from './tokens/token-lookups.ts';
import { UseRecorder } from './tokens/use-recorder.ts';
import { warmUp } from './warm-up.ts';

type Context = BuildContext<SettingsOf<typeof authSettings>>;

/** What both servers work with, and what goes on beside them. */
function createParts({ settings, telemetry }: Context, database: Database) {
  return {
    database,
    telemetry,
    findToken: batchedLookups(database),
    hasher: new TokenHasher(settings.IBEX_AUTH_TOKEN_HASH_KEY),
    damper: new AttemptDamper(telemetry),
    uses: new UseRecorder({ database, telemetry }),
    feed: new RevocationFeed({ database, telemetry }),
  };
}

function createHttp(
  { settings, telemetry }: Context,
  { parts, tls }: { parts: ReturnType<typeof createParts>; tls: TlsFiles | undefined },
): Server {
  const { database } = parts;
  const http = createHttpServer({
    telemetry,
    bodyLimitBytes,
    tls,
    trustedProxies: settings.IBEX_TRUSTED_PROXIES,
    dependencies: { database: () => database.ping() },
  });
  const rate = new RequestRate(telemetry, settings.IBEX_AUTH_ADMIN_REQUESTS_PER_MINUTE);
  const audit = createAudit(telemetry);
  http.register((app) => adminApi(app, { ...parts, rate, audit }), { prefix: '/v1' });
  return {
    name: 'http',
    listen: () => http.listen({ host: settings.IBEX_HOST, port: settings.IBEX_AUTH_HTTP_PORT }),
    close: () => http.close(),
  };
}

/** Builds the service: its database, its credentials at the first start, and its two servers. */
export async function buildAuth(context: Context): Promise<BuiltService> {
  const { settings, telemetry } = context;
  const tls = openTlsFiles(settings, context.environment);
  const database = await openDatabase({ settings, telemetry });
  const parts = createParts(context, database);
  if (settings.IBEX_CREDENTIALS_FILE !== undefined) {
    const credentialsFile = resolve(settings.IBEX_CREDENTIALS_FILE);
    await bootstrap({ ...parts, credentialsFile });
  }
  if (settings.DATABASE_URL !== undefined) {
    const connections = settings.IBEX_AUTH_DATABASE_CONNECTIONS;
    await warmUp(database, { hasher: parts.hasher, connections });
  }
  const grpc = createGrpcServer({
    ...parts,
    host: settings.IBEX_HOST,
    port: settings.IBEX_AUTH_GRPC_PORT,
    credentials: grpcCredentials(tls),
    cacheTtlMs: settings.IBEX_AUTH_CACHE_TTL_MS,
    watchedCacheTtlMs: settings.IBEX_AUTH_WATCHED_CACHE_TTL_MS,
  });
  const watch = new DatabaseWatch({
    database,
    telemetry,
    onChange: (reachable) => grpc.setServing(reachable),
  });
  const retention = new AuditRetention({ database, telemetry });
  const stopReloading = reloadOnSignal(tls, telemetry);
  return {
    servers: [
      movable(grpc, 'IBEX_AUTH_GRPC_PORT'),
      movable(createHttp(context, { parts, tls }), 'IBEX_AUTH_HTTP_PORT'),
    ],
    stop: [
      async () => {
        watch.stop();
        retention.stop();
        stopReloading();
      },
      () => parts.uses.stop(),
      () => database.close(),
    ],
  };
}
