import type { MetricContext } from './context.ts';
import type { Exposition } from './exposition.ts';

/** What every process can say of itself, with a value above 0. */
const alwaysMeasured = [
  'process_cpu_seconds_total',
  'process_start_time_seconds',
  'process_resident_memory_bytes',
  'nodejs_heap_size_used_bytes',
  'nodejs_heap_space_size_used_bytes',
];

/** The process and its Node runtime are measured: declared alone, they would be help texts and zeros. */
export function checkRuntime(exposition: Exposition, { contract, findings, locate }: MetricContext): void {
  for (const name of alwaysMeasured) {
    if (!Object.hasOwn(contract.metrics, name)) continue;
    const samples = exposition.families.get(name)?.samples ?? [];
    if (samples.some(({ value }) => value > 0)) continue;
    const message = 'no value above 0: telemetry that is started measures its process.';
    findings.add('runtime-measured', name, { message, contract: locate(name) });
  }
}
