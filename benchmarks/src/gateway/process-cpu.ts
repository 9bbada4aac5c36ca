import { readdirSync, readFileSync } from 'node:fs';

/** Time all threads of a process have run, in microseconds, from the scheduler's own books (Linux). */
export function cpuMicrosecondsOf(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0]);
  }
  return nanoseconds / 1000;
}
