import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TelemetrySettings } from '@ibex/telemetry/config';
import type { UpSettings } from '../settings/up-settings.ts';

/** What every check is given. */
export interface DoctorContext {
  /** The root of the workspace, where the services are. */
  readonly root: string;
  /** The working directory: the project that is looked at. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** As `ibex up` reads them. */
  readonly up: UpSettings;
  /** As a service started from this shell reads them; undefined when they cannot be used. */
  readonly telemetry: TelemetrySettings | undefined;
  /** As a service started by `ibex up` from this shell reads them. */
  readonly telemetryUnderUp: TelemetrySettings | undefined;
  /** Opens the collector's query API; undefined when there is none yet. */
  readonly queryToken: string | undefined;
  /** Aborted when the time for everything is over. */
  readonly signal: AbortSignal;
  /** False when nothing may be sent, only asked. */
  readonly mayTest: boolean;
}

/** The token of the query API: the user's own if one was given, else the one of the data directory. */
export function findQueryToken(
  environment: NodeJS.ProcessEnv,
  { dataDirectory }: UpSettings,
): string | undefined {
  const given = environment.IBEX_COLLECTOR_QUERY_TOKEN?.trim();
  if (given) return given;
  const file =
    environment.IBEX_COLLECTOR_QUERY_TOKEN_FILE?.trim() || join(dataDirectory, 'secrets', 'query-token');
  try {
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
  } catch {
    return undefined;
  }
}
