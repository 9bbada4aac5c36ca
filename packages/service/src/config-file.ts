import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { SettingsError } from './settings-error.ts';

const maximumBytes = 1024 * 1024;

/**
 * Reads a `config.yaml`: a table, at most 1 MiB, without aliases that blow it up.
 * @throws {SettingsError} naming the file and what is wrong with it.
 */
export function readConfigFile(path: string): Readonly<Record<string, unknown>> {
  const text = readText(path);
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined)
    throw new SettingsError('IBEX_CONFIG', `${path} is not valid YAML: ${error.message}`);
  const value: unknown = document.toJS({ maxAliasCount: 50 }) ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SettingsError(
      'IBEX_CONFIG',
      `${path} must be a table of settings: it is ${Array.isArray(value) ? 'a list' : typeof value}`,
    );
  }
  return value as Record<string, unknown>;
}

function readText(path: string): string {
  try {
    const bytes = readFileSync(path);
    if (bytes.length <= maximumBytes) return bytes.toString('utf8');
    throw new Error(`it has ${bytes.length} bytes, more than ${maximumBytes}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingsError('IBEX_CONFIG', `IBEX_CONFIG must name a readable file: ${reason}`);
  }
}
