import { readFileSync } from 'node:fs';
import type { Secrets } from './secrets.ts';

/** The token of the collector's query API: the user's own if one was given, as the services read it, else ours. */
export function readQueryToken(secrets: Secrets, environment: NodeJS.ProcessEnv): string {
  const given = environment.IBEX_COLLECTOR_QUERY_TOKEN?.trim();
  if (given !== undefined && given !== '') return given;
  const givenFile = environment.IBEX_COLLECTOR_QUERY_TOKEN_FILE?.trim();
  return readFileSync(givenFile || secrets.queryTokenFile, 'utf8').trim();
}
