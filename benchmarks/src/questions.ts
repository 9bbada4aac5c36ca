import { cpus } from 'node:os';
import { ask } from './harness/ask.ts';
import type { Row } from './harness/row.ts';
import { questions } from './questions/index.ts';

export const questionNames: readonly string[] = Object.keys(questions);

function formatRow({ title, ibex, peers, target, met }: Row): string {
  const others = Object.entries(peers)
    .map(([name, value]) => `${name} ${value.toFixed(0)} (×${(value / ibex).toFixed(1)})`)
    .join(', ');
  const shown = ibex < 100 ? ibex.toFixed(1) : ibex.toFixed(0);
  return `${met ? 'met   ' : 'missed'}  ${title.padEnd(44)} ${shown.padStart(8)} ns  target ${target} ns  ${others}`;
}

/** Answers questions about single operations, one after the other, as lines or as one JSON array. */
export function runQuestions(names: readonly string[], { json }: { json: boolean }): void {
  if (!json) process.stdout.write(`${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}\n`);
  const answers: Row[] = [];
  for (const name of names) {
    const question = questions[name];
    if (question === undefined) continue;
    const answer = ask(name, question);
    answers.push(answer);
    if (!json) process.stdout.write(`${formatRow(answer)}\n`);
  }
  if (json) process.stdout.write(`${JSON.stringify(answers, null, 2)}\n`);
}
