// What telemetry costs a whole request: a forwarder bare, observed by Ibex, and observed the common way.
import { cpus } from 'node:os';
import { measureVariants } from './overhead/measure.ts';
import { formatReport, toRows } from './overhead/report.ts';

const rounds = 5;
const json = process.argv.includes('--json');
if (!json) process.stdout.write(`${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}\n`);
const measurements = await measureVariants(rounds, (name, { cpuMicroseconds, requestsPerSecond }) => {
  process.stderr.write(
    `${name.padEnd(14)} ${cpuMicroseconds.toFixed(0)} µs, ${requestsPerSecond.toFixed(0)} requests/s\n`,
  );
});
process.stdout.write(
  json ? `${JSON.stringify(toRows(measurements), null, 2)}\n` : formatReport(measurements),
);
