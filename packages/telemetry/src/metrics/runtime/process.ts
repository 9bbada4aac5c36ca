import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { IbexContract } from '@ibex/contract';
import type { MetricRegistry } from '../registry.ts';

const microsecondsPerSecond = 1e6;
const msPerSecond = 1_000;

/** What the operating system says of this process; the function sets it anew. */
export function createProcessMetrics(metrics: MetricRegistry<IbexContract>): () => void {
  const user = metrics.counter('process_cpu_user_seconds_total').bind({});
  const system = metrics.counter('process_cpu_system_seconds_total').bind({});
  const both = metrics.counter('process_cpu_seconds_total').bind({});
  const openFiles = metrics.gauge('process_open_fds').bind({});
  metrics.gauge('process_start_time_seconds').set({}, performance.timeOrigin / msPerSecond);
  metrics.gauge('process_max_fds').set({}, maximumOpenFiles());

  return () => {
    const usage = process.cpuUsage();
    user.advanceTo(usage.user / microsecondsPerSecond);
    system.advanceTo(usage.system / microsecondsPerSecond);
    both.advanceTo((usage.user + usage.system) / microsecondsPerSecond);
    openFiles.set(countOpenFiles());
  };
}

/** Linux 6.2 tells the number as a directory's size; listing takes milliseconds where thousands are open. */
function countOpenFiles(): number {
  try {
    const { size } = statSync('/proc/self/fd');
    // One of those listed is the listing itself.
    return size > 0 ? size : readdirSync('/dev/fd').length - 1;
  } catch {
    return Number.NaN;
  }
}

function maximumOpenFiles(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const soft = /^Max open files +(\S+)/m.exec(limits)?.[1];
    return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft ?? Number.NaN);
  } catch {
    return Number.NaN;
  }
}
