import { readFileSync } from 'node:fs';
import { errorText, UserError } from '../user-error.ts';
import { writePrivateFile } from './private-file.ts';

/** What a person needs to use the running product, from `<data>/credentials.json`. */
export interface Credentials {
  readonly apiKey: string;
}

/**
 * Reads what the auth service left in the credentials file and adds `console_url`.
 * Throws a {@link UserError} when the file is not there or has no keys.
 */
export function completeCredentials(path: string, options: { consoleUrl: string }): Credentials {
  const fields = readFields(path);
  for (const name of ['api_key', 'admin_token']) {
    const value = fields[name];
    if (typeof value !== 'string' || value === '') throw unusable(path, `${name} is missing`);
  }
  if (fields.console_url !== options.consoleUrl) {
    const completed = { ...fields, console_url: options.consoleUrl };
    writePrivateFile(path, `${JSON.stringify(completed, undefined, 2)}\n`);
  }
  return { apiKey: String(fields.api_key) };
}

function readFields(path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    // A parser's message quotes what it read, and that is secret.
    throw unusable(path, error instanceof SyntaxError ? 'it is no JSON' : errorText(error));
  }
  throw unusable(path, 'it is no JSON object');
}

function unusable(path: string, reason: string): UserError {
  return new UserError(
    `${path} must be JSON with api_key and admin_token: ${reason}. ` +
      'Restore the file, or set IBEX_DATA_DIR to a new directory to start afresh.',
  );
}
