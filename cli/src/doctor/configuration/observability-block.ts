import { readFileSync, statSync } from 'node:fs';
import type { ObservabilityConfig } from '@ibex/telemetry';
import { parseDocument } from 'yaml';
import { errorText, UserError } from '../../user-error.ts';

const largestBytes = 1024 * 1024;
const mostAliases = 50;

/**
 * The `observability:` block of a configuration file; undefined where there is none.
 * @throws {UserError} when the file cannot be read, without quoting it: it may hold secrets.
 */
export function readObservability(path: string | undefined): ObservabilityConfig | undefined {
  if (path === undefined) return undefined;
  try {
    if (statSync(path).size > largestBytes) throw new Error(`it has more than ${largestBytes} bytes`);
    const document = parseDocument(readFileSync(path, 'utf8'));
    if (document.errors[0] !== undefined) throw document.errors[0];
    const value: unknown = document.toJS({ maxAliasCount: mostAliases });
    if (typeof value !== 'object' || value === null) return undefined;
    return (value as { observability?: ObservabilityConfig }).observability;
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${errorText(error).split('\n', 1)[0]?.replace(/:$/, '')}`);
  }
}
