import { execFileSync } from 'node:child_process';

/** Pins this process, which is the load, to a processor: it must not run where what it measures does. */
export function pinLoad(cpu: number): void {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', String(cpu), String(process.pid)], { stdio: 'ignore' });
  } catch (error) {
    throw new Error(
      'What is measured and its load need a processor each: there must be two, and `taskset` (util-linux).',
      { cause: error },
    );
  }
}
