import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { SettingsError } from '@ibex/service';

/** The file as it stands: the keys of this service, and whatever others keep in it. */
export type Credentials = Readonly<Record<string, unknown>>;

function faulty(path: string, what: string): SettingsError {
  return new SettingsError('IBEX_CREDENTIALS_FILE', `IBEX_CREDENTIALS_FILE ${path} ${what}`);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw faulty(path, `cannot be read: ${reasonOf(error)}. Let this user read it, or name another file.`);
  }
}

/**
 * Reads the file; empty when it is not there.
 *
 * @throws {SettingsError} when it cannot be read or is no JSON object.
 */
export function readCredentials(path: string): Credentials {
  const text = readText(path);
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Answered below: what it says must not be quoted, it may be half a secret.
  }
  throw faulty(path, 'must hold a JSON object. Remove it and start again: new credentials are then written.');
}

function writeDurably(path: string, text: string): void {
  const descriptor = openSync(path, 'w', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Replaces the file in one step, readable by its owner only: a reader sees the old content or the new one.
 *
 * @throws {SettingsError} when it cannot be written.
 */
export function writeCredentials(path: string, credentials: Credentials): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    rmSync(draft, { force: true });
    writeDurably(draft, `${JSON.stringify(credentials, undefined, 2)}\n`);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw faulty(
      path,
      `cannot be written: ${reasonOf(error)}. Let this user write there, or name another file.`,
    );
  }
}
