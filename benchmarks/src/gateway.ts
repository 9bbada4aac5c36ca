// What a gateway costs a request: the proxy as it ships, the bare forwarder, and the npm gateway people use today.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureGateways } from './gateway/measure.ts';
import { formatReport, toRows } from './gateway/report.ts';
import { readCount } from './harness/read-count.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    // The compiler's work on the first requests is no part of what a request costs later. What the threads beside the main
    // one took of Ibex's: 130 to 260 µs a request after 10,000 requests, 10 to 45 after 20,000.
    'warm-up': { type: 'string', default: '20000' },
  },
});
const rounds = readCount(values, { name: 'rounds', maximum: 20 });
const warmUpRequests = readCount(values, { name: 'warm-up', maximum: 100_000 });
if (!values.json) {
  const processor = cpus()[0]?.model ?? 'unknown processor';
  process.stdout.write(`${processor}, Node ${process.version}, ${rounds} rounds\n\n`);
}
const measurements = await measureGateways({
  rounds,
  warmUpRequests,
  onMeasured: (name, mode, { cpuMicroseconds, requestsPerSecond, p99Ms }) => {
    process.stderr.write(
      `${mode.padEnd(5)} ${name.padEnd(20)} ${cpuMicroseconds.toFixed(0)} µs, ${requestsPerSecond.toFixed(0)} requests/s, p99 ${p99Ms.toFixed(2)} ms\n`,
    );
  },
});
process.stdout.write(
  values.json ? `${JSON.stringify(toRows(measurements), null, 2)}\n` : formatReport(measurements),
);
