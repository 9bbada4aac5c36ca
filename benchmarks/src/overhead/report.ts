import { type Spread, spreadOf } from '../harness/median.ts';
import type { Row } from '../harness/row.ts';
import type { Measurement, Measurements } from './measure.ts';
import { type VariantName, variantNames } from './variants.ts';

function spread(measurements: Measurements, name: VariantName, key: keyof Measurement): Spread {
  return spreadOf(measurements[name].map((measurement) => measurement[key]));
}

/** Against the bare forwarder of the same round, as the machine's speed changes between rounds. */
function ratiosToBare({ bare, ...others }: Measurements, name: VariantName): Spread {
  const own = { bare, ...others }[name];
  return spreadOf(
    own.map(({ cpuMicroseconds }, round) => cpuMicroseconds / (bare[round]?.cpuMicroseconds ?? Number.NaN)),
  );
}

const questions = [
  { name: 'overhead-100', title: 'all telemetry, 100 % exported', share: '100 %', target: 1.35 },
  { name: 'overhead-1', title: 'all telemetry, 1 % and flight recorder', share: '1 %', target: 1.25 },
] as const;

export function toRows(measurements: Measurements): readonly Row[] {
  const cpu = (name: VariantName) => spread(measurements, name, 'cpuMicroseconds').median;
  return questions.map(({ share, ...question }) => {
    const ratio = ratiosToBare(measurements, `ibex ${share}`).median;
    return {
      ...question,
      unit: 'µs of CPU per request',
      ibex: cpu(`ibex ${share}`),
      peers: { bare: cpu('bare'), common: cpu(`common ${share}`) },
      ratio,
      met: ratio <= question.target,
    };
  });
}

function between({ minimum, maximum }: Spread, digits: number): string {
  return `${minimum.toFixed(digits)} – ${maximum.toFixed(digits)}`;
}

/** A Markdown table of all variants, and a line for each target. */
export function formatReport(measurements: Measurements): string {
  const lines = variantNames.map((name) => {
    const of = (key: keyof Measurement) => spread(measurements, name, key);
    const cpu = of('cpuMicroseconds');
    const ratio = ratiosToBare(measurements, name);
    const cells = [
      ...[name, cpu.median.toFixed(0), between(cpu, 0), ratio.median.toFixed(2), between(ratio, 2)],
      ...[of('p50Ms').median.toFixed(1), of('p99Ms').median.toFixed(1)],
      ...[
        of('requestsPerSecond').median.toFixed(0),
        of('spans').median.toFixed(2),
        of('lines').median.toFixed(2),
      ],
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const verdicts = toRows(measurements).map(
    ({ title, ratio, target, met }) =>
      `${met ? 'met   ' : 'missed'}  ${title}: ×${ratio.toFixed(2)}, target ×${target}`,
  );
  return [
    '| variant | CPU µs/request | min – max | ratio to bare | min – max | p50 ms | p99 ms | requests/s | spans/request | lines/request |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...lines,
    '',
    ...verdicts,
    '',
  ].join('\n');
}
