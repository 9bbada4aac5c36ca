import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorText, UserError } from '../user-error.ts';
import type { ProbeValues } from './probes/fill.ts';

/**
 * Reads the values that probes name from a JSON file such as `credentials.json`; none without a file.
 * @throws {UserError} when it cannot be read or is no JSON object.
 */
export function readCredentials(file: string | undefined, directory: string): ProbeValues {
  const entries = file === undefined ? [] : Object.entries(readObject(resolve(directory, file)));
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function readObject(file: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    // A parser's message quotes what it read, and that is secret.
    const reason = error instanceof SyntaxError ? 'it is no JSON' : errorText(error);
    throw new UserError(`--credentials must name a JSON file: ${reason}.`);
  }
  throw new UserError('--credentials must name a JSON file with an object: it has none.');
}
