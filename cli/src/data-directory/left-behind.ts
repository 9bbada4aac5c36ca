import { setTimeout as sleep } from 'node:timers/promises';
import { isStillRunning, type ProcessMark } from './process-identity.ts';

const pollMs = 50;

export interface LeftBehindOptions {
  /** How long they may take to end by themselves: they notice that who started them is gone. */
  readonly patienceMs: number;
  /** Told once, when there is something to wait for. */
  readonly onWait: () => void;
}

/** Waits until the processes of a killed run are gone, and ends at once what stays: they hold ports and databases. */
export async function waitForLeftBehind(
  processes: readonly ProcessMark[],
  { patienceMs, onWait }: LeftBehindOptions,
): Promise<void> {
  if (!processes.some(isStillRunning)) return;
  onWait();
  const deadlineMs = performance.now() + patienceMs;
  while (performance.now() < deadlineMs && processes.some(isStillRunning)) await sleep(pollMs);
  for (const mark of processes.filter(isStillRunning)) process.kill(mark.pid, 'SIGKILL');
  // A killed process lets go of its ports a moment later.
  while (performance.now() < deadlineMs + patienceMs && processes.some(isStillRunning)) await sleep(pollMs);
}
