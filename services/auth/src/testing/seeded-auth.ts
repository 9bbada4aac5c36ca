import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningAuth, startAuth } from './auth-process.ts';
import type { Cleanup } from './cleanup.ts';
import type { DatabaseKind, DatabasePlace } from './databases.ts';
import { type SeededOrganisation, seedOrganisation } from './seed.ts';

/** A running service that serves two organisations besides the one it made itself. */
export interface SeededAuth {
  readonly auth: RunningAuth;
  readonly place: DatabasePlace;
  readonly credentialsFile: string;
  readonly acme: SeededOrganisation;
  readonly rival: SeededOrganisation;
}

/** The tokens of `.ibex/credentials.json`. */
export interface CredentialsContent {
  readonly api_key: string;
  readonly admin_token: string;
}

export function readCredentialsContent(path: string): CredentialsContent {
  return JSON.parse(readFileSync(path, 'utf8')) as CredentialsContent;
}

export async function startSeededAuth(kind: DatabaseKind, cleanup: Cleanup): Promise<SeededAuth> {
  const place = await kind.createPlace(cleanup);
  const database = await place.open();
  const acme = await seedOrganisation(database, 'acme');
  const rival = await seedOrganisation(database, 'rival');
  await database.close();
  const credentialsFile = join(cleanup.directory(), 'credentials.json');
  const environment = { ...place.environment, IBEX_CREDENTIALS_FILE: credentialsFile };
  const auth = await startAuth({ cleanup, environment });
  return { auth, place, credentialsFile, acme, rival };
}
