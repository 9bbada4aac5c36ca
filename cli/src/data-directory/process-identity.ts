import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { systemErrorCode } from '../user-error.ts';

/** A process, told from a later one with the same id. */
export interface ProcessMark {
  readonly pid: number;
  /** When it was started, in the words of the system; empty when the system does not say. */
  readonly startMark: string;
}

/** The mark of a process that runs now. */
export function markProcess(pid: number): ProcessMark {
  return { pid, startMark: startMark(pid) };
}

/** True while the very process that was marked runs. */
export function isStillRunning(mark: ProcessMark): boolean {
  return isRunning(mark.pid) && (mark.startMark === '' || startMark(mark.pid) === mark.startMark);
}

/** True while a process with this id runs, also one of another user; not for one that only waits to be reaped. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
  return linuxStatus(pid)[0] !== 'Z';
}

function startMark(pid: number): string {
  return process.platform === 'linux' ? linuxStartMark(pid) : psStartMark(pid);
}

function linuxStartMark(pid: number): string {
  try {
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // Field 22 of the whole line, in ticks since boot.
    const ticks = linuxStatus(pid)[19];
    return ticks === undefined ? '' : `${bootId}:${ticks}`;
  } catch {
    return '';
  }
}

/** The fields of /proc/<pid>/stat from the third on, which is the state; empty where there is no such file. */
function linuxStatus(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in parentheses that may hold spaces and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function psStartMark(pid: number): string {
  if (process.platform === 'win32') return '';
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      timeout: 2_000,
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}
