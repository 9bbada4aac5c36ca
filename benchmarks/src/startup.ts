// How much later a service listens with its telemetry: bare, with Ibex, and with the OpenTelemetry SDK.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { readCount } from './harness/read-count.ts';
import { measureStarts } from './startup/measure.ts';
import { formatReport, toRow } from './startup/report.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '9' } },
});
const rounds = readCount(values, { name: 'rounds', maximum: 100 });
if (!values.json) {
  const processor = cpus()[0]?.model ?? 'unknown processor';
  process.stdout.write(`${processor}, Node ${process.version}, ${rounds} rounds\n\n`);
}
const starts = await measureStarts(rounds);
process.stdout.write(values.json ? `${JSON.stringify([toRow(starts)], null, 2)}\n` : formatReport(starts));
