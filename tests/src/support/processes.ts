import { readFileSync } from 'node:fs';

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The processes that a process started. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .map(Number);
}

/** The child whose command line contains a text. */
export function childRunning(pid: number, script: string): number {
  const child = childrenOf(pid).find((candidate) =>
    readFileSync(`/proc/${candidate}/cmdline`, 'utf8').includes(script),
  );
  if (child === undefined) throw new Error(`No child of ${pid} runs ${script}.`);
  return child;
}
