// What telemetry costs a whole request: a forwarder bare, observed by Ibex, and observed the common way.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { readCount } from './harness/read-count.ts';
import { measureVariants } from './overhead/measure.ts';
import { formatReport, toRows } from './overhead/report.ts';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    'warm-up': { type: 'string', default: '1000' },
  },
});

const rounds = readCount(values, { name: 'rounds', maximum: 20 });
const warmUpRequests = readCount(values, { name: 'warm-up', maximum: 100_000 });
if (!values.json) {
  const processor = cpus()[0]?.model ?? 'unknown processor';
  process.stdout.write(
    `${processor}, Node ${process.version}, ${rounds} rounds, ${warmUpRequests} requests of warm-up\n\n`,
  );
}
const measurements = await measureVariants({
  rounds,
  warmUpRequests,
  onMeasured: (name, { cpuMicroseconds, requestsPerSecond }) => {
    process.stderr.write(
      `${name.padEnd(14)} ${cpuMicroseconds.toFixed(0)} µs, ${requestsPerSecond.toFixed(0)} requests/s\n`,
    );
  },
});
process.stdout.write(
  values.json ? `${JSON.stringify(toRows(measurements), null, 2)}\n` : formatReport(measurements),
);
