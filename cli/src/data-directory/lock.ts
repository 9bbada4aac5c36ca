import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode, UserError } from '../user-error.ts';
import { isRunning, startMark } from './process-identity.ts';

interface Holder {
  readonly pid: number;
  readonly startMark: string;
}

/** The right to use a data directory, until it is released. */
export interface DirectoryLock {
  /** True when a process that held the lock before is gone without having released it. */
  readonly wasLeftBehind: boolean;
  release(): void;
}

/** Takes the data directory for this process; throws a {@link UserError} while another process has it. */
export function lockDataDirectory(directory: string): DirectoryLock {
  const path = join(directory, 'ibex.lock');
  const own: Holder = { pid: process.pid, startMark: startMark(process.pid) };
  let wasLeftBehind = false;
  for (let attempt = 0; attempt < 10; attempt += 1) {
    if (takeLock(path, own)) return { wasLeftBehind, release: () => releaseLock(path) };
    const holder = readHolder(path);
    if (holder !== undefined && isHolding(holder)) throw heldBy(holder, directory);
    wasLeftBehind = true;
    setAside(path);
  }
  throw new UserError(`${path} changes all the time. Start \`ibex up\` once for this data directory.`);
}

/** A link appears with its content, or not at all: nobody reads half a lock. */
function takeLock(path: string, own: Holder): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Undefined when there is no lock, or none that can be read. */
function readHolder(path: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, startMark: mark } = value as Record<string, unknown>;
    return typeof pid === 'number' && typeof mark === 'string' ? { pid, startMark: mark } : undefined;
  } catch {
    return undefined;
  }
}

function isHolding(holder: Holder): boolean {
  return isRunning(holder.pid) && (holder.startMark === '' || startMark(holder.pid) === holder.startMark);
}

/** Removes a lock left behind. One that was taken anew in the meantime is given back. */
function setAside(path: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw error;
  }
  const holder = readHolder(aside);
  if (holder === undefined || !isHolding(holder)) rmSync(aside);
  else renameSync(aside, path);
}

function releaseLock(path: string): void {
  if (readHolder(path)?.pid === process.pid) rmSync(path, { force: true });
}

function heldBy(holder: Holder, directory: string): UserError {
  return new UserError(
    `\`ibex up\` already runs on ${directory} (pid ${holder.pid}). Stop it with \`kill ${holder.pid}\`, ` +
      'or set IBEX_DATA_DIR to another directory and the ports to free ones.',
  );
}
