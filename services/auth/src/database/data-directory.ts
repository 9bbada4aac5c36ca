import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SettingsError } from '@ibex/service';

function unusable(message: string): SettingsError {
  return new SettingsError('IBEX_DATA_DIR', message);
}

function unwritable(path: string, cause: unknown): SettingsError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const user = process.getuid === undefined ? 'the user of this process' : `user id ${process.getuid()}`;
  return unusable(
    `Cannot write to the data directory ${path}: ${reason}. ` +
      `Give ${user} write access to it, or set IBEX_DATA_DIR to a directory it can write to.`,
  );
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** When the process started, in clock ticks since boot: tells a process from a later one with its id. Linux only. */
function startTicks(processId: number): string {
  const line = readIfPresent(`/proc/${processId}/stat`) ?? '';
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The id of the live process that wrote the lock; undefined when that process is gone. */
function liveHolder(lockText: string): number | undefined {
  const [idText = '', ticks = ''] = lockText.trim().split(' ');
  const processId = Number(idText);
  if (!Number.isInteger(processId) || processId <= 0 || !isRunning(processId)) return undefined;
  return startTicks(processId) === ticks ? processId : undefined;
}

/** Puts the lock in place with its content in one step; false when another one is there. */
function placeLock(lockPath: string, content: string): boolean {
  const draftPath = `${lockPath}.${process.pid}`;
  writeFileSync(draftPath, content, { mode: 0o600 });
  try {
    linkSync(draftPath, lockPath);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draftPath, { force: true });
  }
}

function takeLock(path: string, content: string): void {
  const lockPath = join(path, 'lock');
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (placeLock(lockPath, content)) return;
    const holder = liveHolder(readIfPresent(lockPath) ?? '');
    if (holder !== undefined) {
      throw unusable(
        `The data directory ${path} is in use by process ${holder}. ` +
          'Stop that one, or set IBEX_DATA_DIR to another directory.',
      );
    }
    rmSync(lockPath, { force: true });
  }
  throw unusable(
    `The data directory ${path} is being opened by several processes at once. Start one of them.`,
  );
}

/**
 * Makes the directory and claims it for this process: two writers would destroy an embedded database.
 * The claim of a process that was killed is taken over.
 *
 * @returns Gives the directory back.
 * @throws {SettingsError} when it cannot be written or a live process holds it.
 */
export function claimDataDirectory(path: string): () => void {
  const content = `${process.pid} ${startTicks(process.pid)}\n`;
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    takeLock(path, content);
  } catch (error) {
    throw error instanceof SettingsError ? error : unwritable(path, error);
  }
  return () => {
    const lockPath = join(path, 'lock');
    if (readIfPresent(lockPath) === content) rmSync(lockPath, { force: true });
  };
}
