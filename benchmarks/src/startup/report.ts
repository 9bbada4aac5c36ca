import { spreadOf } from '../harness/median.ts';
import type { Row } from '../harness/row.ts';
import { type Start, type Starts, type StartVariant, startVariantNames } from './measure.ts';

const targetMs = 60;

/** What a variant adds to the bare start of the same round, as the machine's speed changes between rounds. */
function added(starts: Starts, name: StartVariant, key: keyof Start) {
  return spreadOf(starts[name].map((own, round) => own[key] - (starts.bare[round]?.[key] ?? Number.NaN)));
}

/** The figure with its target, as the other benchmarks answer. */
export function toRow(starts: Starts): Row {
  const ibex = added(starts, 'ibex', 'wallMs').median;
  const common = added(starts, 'common', 'wallMs').median;
  return {
    name: 'startup',
    title: 'start-up to listening, over the bare service',
    unit: 'ms',
    ibex,
    peers: { common },
    ratio: ibex / common,
    target: targetMs,
    met: ibex <= targetMs,
  };
}

/** A Markdown table of all variants, and a line for the target. */
export function formatReport(starts: Starts): string {
  const rows = startVariantNames.map((name) => {
    const wall = spreadOf(starts[name].map(({ wallMs }) => wallMs));
    const cpu = spreadOf(starts[name].map(({ cpuMs }) => cpuMs));
    const over = added(starts, name, 'wallMs');
    const cells = [
      ...[name, wall.median.toFixed(0), `${wall.minimum.toFixed(0)} – ${wall.maximum.toFixed(0)}`],
      ...[over.median.toFixed(0), cpu.median.toFixed(0)],
      added(starts, name, 'cpuMs').median.toFixed(0),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const { ibex, title, met } = toRow(starts);
  return [
    '| variant | ms to listening | min – max | over bare | CPU ms | over bare |',
    '|---|--:|--:|--:|--:|--:|',
    ...rows,
    '',
    `${met ? 'met   ' : 'missed'}  ${title}: +${ibex.toFixed(0)} ms, target +${targetMs} ms`,
    '',
  ].join('\n');
}
