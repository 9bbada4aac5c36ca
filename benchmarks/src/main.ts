import { cpus } from 'node:os';
import { type Answer, ask } from './harness/ask.ts';
import { questions } from './questions/index.ts';

function formatRow({ title, ibex, peers, target, met }: Answer): string {
  const others = Object.entries(peers)
    .map(([name, value]) => `${name} ${value.toFixed(0)} (×${(value / ibex).toFixed(1)})`)
    .join(', ');
  const shown = ibex < 100 ? ibex.toFixed(1) : ibex.toFixed(0);
  return `${met ? 'met   ' : 'missed'}  ${title.padEnd(44)} ${shown.padStart(8)} ns  target ${target} ns  ${others}`;
}

const args = process.argv.slice(2);
const json = args.includes('--json');
const names = args.filter((arg) => !arg.startsWith('--'));
if (names[0] === 'overhead') {
  await import('./overhead.ts');
  process.exit();
}
const unknown = names.find((name) => !(name in questions));
if (unknown !== undefined) {
  process.stderr.write(
    `There is no benchmark "${unknown}". There are ${Object.keys(questions).join(', ')}.\n`,
  );
  process.exit(2);
}
const answers: Answer[] = [];
if (!json) process.stdout.write(`${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}\n`);
for (const [name, question] of Object.entries(questions)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const answer = ask(name, question);
  answers.push(answer);
  if (!json) process.stdout.write(`${formatRow(answer)}\n`);
}
if (json) process.stdout.write(`${JSON.stringify(answers, null, 2)}\n`);
