import { median } from '../harness/median.ts';
import type { Row } from '../harness/row.ts';
import { type Measurement, type Measurements, type Mode, modes } from './measure.ts';
import { objectiveSeconds } from './own-overhead.ts';

const cpuTargetMicroseconds = 200;
const overheadTargetMs = 3;
const shareTarget = 0.99;

type Name = Parameters<Measurements[Mode]['get']>[0];

function medianOf(measurements: Measurements, { mode, name }: { mode: Mode; name: Name }) {
  const runs = measurements[mode].get(name) ?? [];
  return (key: keyof Measurement) => median(runs.map((run) => run[key] ?? Number.NaN));
}

function row(
  measurements: Measurements,
  {
    mode,
    key,
    title,
    unit,
    target,
  }: { mode: Mode; key: 'cpuMicroseconds' | 'p99Ms'; title: string; unit: string; target: number },
): Row {
  const direct = key === 'p99Ms' ? medianOf(measurements, { mode, name: 'direct' })(key) : 0;
  const value = (name: Name) => medianOf(measurements, { mode, name })(key) - direct;
  const ibex = value('ibex 100 %');
  const bare = value('bare forwarder');
  return {
    name: `gateway-${mode}-${key === 'p99Ms' ? 'p99' : 'cpu'}`,
    title: `${title}, ${mode}`,
    unit,
    ibex,
    peers: {
      'bare forwarder': bare,
      'ibex 1 %': value('ibex 1 %'),
      'ibex, telemetry off': value('ibex, telemetry off'),
      portkey: value('portkey'),
    },
    ratio: ibex / bare,
    target,
    met: ibex <= target,
  };
}

export function toRows(measurements: Measurements): readonly Row[] {
  return modes.flatMap((mode) => [
    row(measurements, {
      ...{ mode, key: 'cpuMicroseconds', title: 'gateway with all telemetry', unit: 'µs of CPU per request' },
      target: cpuTargetMicroseconds,
    }),
    row(measurements, {
      ...{ mode, key: 'p99Ms', title: 'p99 over asking the model directly', unit: 'ms' },
      target: overheadTargetMs,
    }),
  ]);
}

/** What the gateway says itself of the paced calls: without the stalls of a load and a model that share a processor. */
function ownVerdict(measurements: Measurements, mode: Mode): string {
  const share = medianOf(measurements, { mode, name: 'ibex 100 %' })('shareWithinObjective');
  const verdict = share >= shareTarget ? 'met   ' : 'missed';
  return `${verdict}  its own time within ${objectiveSeconds * 1000} ms by its histogram, ${mode}: ${(share * 100).toFixed(2)} % of the paced calls, target ${shareTarget * 100} %`;
}

/** A Markdown table of all variants, and a line for each target. */
export function formatReport(measurements: Measurements): string {
  const lines = modes.flatMap((mode) =>
    [...measurements[mode]].map(([name, runs]) => {
      const of = medianOf(measurements, { mode, name });
      const cpu = runs.map((run) => run.cpuMicroseconds);
      const cells =
        name === 'direct'
          ? ['–', '–', '–']
          : [
              of('cpuMicroseconds').toFixed(0),
              `${Math.min(...cpu).toFixed(0)} – ${Math.max(...cpu).toFixed(0)}`,
              of('requestsPerSecond').toFixed(0),
            ];
      return `| ${[mode, name, ...cells, of('p50Ms').toFixed(2), of('p99Ms').toFixed(2)].join(' | ')} |`;
    }),
  );
  const verdicts = toRows(measurements).map(
    ({ title, ibex, unit, target, met }) =>
      `${met ? 'met   ' : 'missed'}  ${title}: ${ibex.toFixed(1)} ${unit}, target ${target}`,
  );
  return [
    '| mode | variant | CPU µs/request | min – max | requests/s | paced p50 ms | paced p99 ms |',
    '|---|---|--:|--:|--:|--:|--:|',
    ...lines,
    '',
    ...verdicts,
    ...modes.map((mode) => ownVerdict(measurements, mode)),
    '',
  ].join('\n');
}
