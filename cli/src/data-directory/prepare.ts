import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode, UserError } from '../user-error.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the device',
  EEXIST: 'it is no directory',
  ENOTDIR: 'a part of it is no directory',
};

/** Makes the data directory and proves that it can be written; throws a {@link UserError} when not. */
export function prepareDataDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const probe = join(directory, `.write-probe-${process.pid}`);
    writeFileSync(probe, '', { mode: 0o600 });
    rmSync(probe);
  } catch (error) {
    throw new UserError(
      `The data directory ${directory} cannot be ${isDirectory(directory) ? 'written' : 'made'}: ${reasonOf(error)}. ` +
        'Mend that, or set IBEX_DATA_DIR to a directory you can write.',
      { cause: error },
    );
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function reasonOf(error: unknown): string {
  const code = systemErrorCode(error);
  return code === undefined ? String(error) : (reasons[code] ?? code);
}
