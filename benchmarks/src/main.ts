import { questionNames, runQuestions } from './questions.ts';
import { onlyByName, runScript, scripts } from './scripts.ts';

const usage = `npm run bench                      answers every question but ${onlyByName.join(', ')}
npm run bench -- overhead gateway  answers those that are named
npm run bench -- soak              ten minutes of load with faults; only when it is named

There are: ${[...questionNames, ...Object.keys(scripts)].join(', ')}
`;

const args = process.argv.slice(2);
const options = args.filter((arg) => arg.startsWith('--'));
const names = args.filter((arg) => !arg.startsWith('--'));
const known = [...questionNames, ...Object.keys(scripts)];
if (options.includes('--help')) {
  process.stdout.write(usage);
  process.exit(0);
}
const unknown = names.find((name) => !known.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`There is no benchmark "${unknown}".\n${usage}`);
  process.exit(2);
}

const asked = known.filter((name) =>
  names.length === 0 ? !onlyByName.includes(name) : names.includes(name),
);
const questions = asked.filter((name) => questionNames.includes(name));
if (questions.length > 0) runQuestions(questions, { json: options.includes('--json') });
for (const name of asked) if (name in scripts) await runScript(name, options);
