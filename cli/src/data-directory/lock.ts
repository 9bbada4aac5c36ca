import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode, UserError } from '../user-error.ts';
import { isStillRunning, markProcess, type ProcessMark } from './process-identity.ts';

/** What the lock file says. */
interface Holder extends ProcessMark {
  /** The processes the holder has started, by name. */
  readonly started: Readonly<Record<string, ProcessMark>>;
}

/** The right to use a data directory, until it is released. */
export interface DirectoryLock {
  /** Processes of a holder before, which is gone without having released the lock. Some may still run. */
  readonly leftBehind: readonly ProcessMark[];
  /** Notes a process that was started, so that the next holder knows of it if this one is killed. */
  noteStarted(name: string, pid: number): void;
  release(): void;
}

/** Takes the data directory for this process; throws a {@link UserError} while another process has it. */
export function lockDataDirectory(directory: string): DirectoryLock {
  const path = join(directory, 'ibex.lock');
  const own: Holder = { ...markProcess(process.pid), started: {} };
  const leftBehind: ProcessMark[] = [];
  for (let attempt = 0; attempt < 10; attempt += 1) {
    if (takeLock(path, own)) return heldLock(path, { own, leftBehind });
    const holder = readHolder(path);
    if (holder !== undefined && isStillRunning(holder)) throw heldBy(holder, directory);
    leftBehind.push(...Object.values(holder?.started ?? {}));
    setAside(path);
  }
  throw new UserError(`${path} changes all the time. Start \`ibex up\` once for this data directory.`);
}

function heldLock(
  path: string,
  { own, leftBehind }: { own: Holder; leftBehind: ProcessMark[] },
): DirectoryLock {
  const started: Record<string, ProcessMark> = {};
  return {
    leftBehind,
    noteStarted: (name, pid) => {
      started[name] = markProcess(pid);
      const draft = writeDraft(path, { ...own, started });
      renameSync(draft, path);
    },
    release: () => {
      if (readHolder(path)?.pid === process.pid) rmSync(path, { force: true });
    },
  };
}

function writeDraft(path: string, holder: Holder): string {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(holder), { mode: 0o600 });
  return draft;
}

/** A link appears with its content, or not at all: nobody reads half a lock. */
function takeLock(path: string, own: Holder): boolean {
  const draft = writeDraft(path, own);
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
    if (!isProcessMark(value)) return undefined;
    const { started } = value as { started?: unknown };
    const entries = typeof started === 'object' && started !== null ? Object.entries(started) : [];
    return { ...value, started: Object.fromEntries(entries.filter(([, mark]) => isProcessMark(mark))) };
  } catch {
    return undefined;
  }
}

function isProcessMark(value: unknown): value is ProcessMark {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, startMark } = value as Record<string, unknown>;
  return Number.isInteger(pid) && Number(pid) > 0 && typeof startMark === 'string';
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
  if (holder === undefined || !isStillRunning(holder)) rmSync(aside);
  else renameSync(aside, path);
}

function heldBy(holder: Holder, directory: string): UserError {
  return new UserError(
    `\`ibex up\` already runs on ${directory} (pid ${holder.pid}). Stop it with \`kill ${holder.pid}\`, ` +
      'or set IBEX_DATA_DIR to another directory and the ports to free ones.',
  );
}
