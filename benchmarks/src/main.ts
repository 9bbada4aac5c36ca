// `npm run bench` answers every question; `npm run bench -- overhead gateway` those that are named.
import { questionNames, runQuestions } from './questions.ts';
import { runScript, scripts } from './scripts.ts';

const args = process.argv.slice(2);
const options = args.filter((arg) => arg.startsWith('--'));
const names = args.filter((arg) => !arg.startsWith('--'));
const known = [...questionNames, ...Object.keys(scripts)];
const unknown = names.find((name) => !known.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`There is no benchmark "${unknown}". There are ${known.join(', ')}.\n`);
  process.exit(2);
}

const asked = names.length === 0 ? known : known.filter((name) => names.includes(name));
const questions = asked.filter((name) => questionNames.includes(name));
if (questions.length > 0) runQuestions(questions, { json: options.includes('--json') });
for (const name of asked) if (name in scripts) await runScript(name, options);
