// Whether the gateway grows, and whether its signals agree, after minutes of load with faults of all kinds.
import { parseArgs } from 'node:util';
import { readCount } from './harness/read-count.ts';
import { formatSoak } from './soak/report.ts';
import { runSoak } from './soak/run.ts';
import { disagreements, judge } from './soak/verdicts.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '10' },
    seconds: { type: 'string' },
    rate: { type: 'string' },
  },
});
const { seconds, rate } = values;
const result = await runSoak({
  seconds:
    seconds === undefined
      ? readCount(values, { name: 'minutes', maximum: 1_440 }) * 60
      : readCount({ seconds }, { name: 'seconds', maximum: 86_400 }),
  perSecond: rate === undefined ? undefined : readCount({ rate }, { name: 'rate', maximum: 100_000 }),
  onProgress: (text) => process.stderr.write(`${text}\n`),
});
const verdicts = judge(result);
const report = { ...result, verdicts, disagreements: disagreements(result) };
process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : formatSoak(result));
process.exitCode = verdicts.some(({ held }) => held === false) ? 1 : 0;
