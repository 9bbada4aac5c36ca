import { resolve } from 'node:path';
import { SettingsError, type SettingsOf } from '@ibex/service';
import type { Telemetry } from '@ibex/telemetry';
import { sqlTelemetry } from '@ibex/telemetry/sql';
import type { authSettings } from './config.ts';
import type { Database } from './database/database.ts';
import { measuredDatabase } from './database/measured.ts';
import { migrate } from './database/migrate.ts';

type Settings = SettingsOf<typeof authSettings>;

/** Host and database of a connection URL; the rest of it is secret. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

async function openServer(
  url: string,
  options: { settings: Settings; telemetry: Telemetry },
): Promise<Database> {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    const example = 'postgres://user:password@host:5432/database';
    throw new SettingsError('DATABASE_URL', `DATABASE_URL must be a URL like ${example}: it is (not shown)`);
  }
  const { logger } = options.telemetry;
  const { openPostgresDatabase } = await import('./database/postgres.ts');
  const database = openPostgresDatabase({
    url,
    maximumConnections: options.settings.IBEX_AUTH_DATABASE_CONNECTIONS,
    onConnectionLost: (error) => logger.warn('lost an idle database connection', { error }),
  });
  try {
    await database.ping();
    return database;
  } catch (error) {
    await database.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingsError(
      'DATABASE_URL',
      `DATABASE_URL must name a Postgres server that answers: ${placeOf(url)} does not. ${reason}`,
    );
  }
}

// Each driver is loaded only when it is used: the other one would cost memory and start-up time for nothing.
async function openEmbedded(dataDirectory: string): Promise<Database> {
  const { openEmbeddedDatabase } = await import('./database/embedded.ts');
  return openEmbeddedDatabase(resolve(dataDirectory, 'auth'));
}

/** The database the settings name, measured and with this release's schema. */
export async function openDatabase(options: { settings: Settings; telemetry: Telemetry }): Promise<Database> {
  const { settings, telemetry } = options;
  const opened =
    settings.DATABASE_URL === undefined
      ? await openEmbedded(settings.IBEX_DATA_DIR)
      : await openServer(settings.DATABASE_URL, options);
  const database = measuredDatabase(opened, sqlTelemetry(telemetry, { system: 'postgresql' }));
  try {
    for (const { version, name } of await migrate(database)) {
      telemetry.logger.info('migration applied', { version: String(version), operation: name });
    }
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
