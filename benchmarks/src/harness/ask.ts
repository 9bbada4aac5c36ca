import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './median.ts';
import type { Question } from './question.ts';
import type { Row } from './row.ts';

const runner = fileURLToPath(new URL('./run-variant.ts', import.meta.url));
const rounds = 3;

/** Runs every variant in its own process, in turn, three times over. */
export function ask(name: string, question: Question): Row {
  const variants = ['ibex', ...Object.keys(question.peers)];
  const times = new Map(variants.map((variant) => [variant, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const variant of variants) {
      const output = execFileSync(process.execPath, ['--expose-gc', runner, name, variant], {
        encoding: 'utf8',
      });
      times.get(variant)?.push(Number(output));
    }
  }
  const medians = new Map([...times].map(([variant, values]) => [variant, median(values)]));
  const ibex = medians.get('ibex') ?? Number.NaN;
  medians.delete('ibex');
  const best = Math.min(...medians.values());
  return {
    name,
    title: question.title,
    unit: 'ns',
    ibex,
    peers: Object.fromEntries(medians),
    ratio: ibex / best,
    target: question.targetNanoseconds,
    met: ibex <= question.targetNanoseconds,
  };
}
