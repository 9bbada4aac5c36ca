// Runs one variant of one question in a process of its own, so that no variant warms or spoils another.
import { questions } from '../questions/index.ts';
import { timeOperation } from './time-operation.ts';

const [name = '', variant = ''] = process.argv.slice(2);
const question = questions[name];
const prepare = variant === 'ibex' ? question?.ibex : question?.peers[variant];
if (prepare === undefined) throw new Error(`There is no variant "${variant}" of "${name}".`);
process.stdout.write(`${timeOperation(await prepare())}\n`);
process.exit(0);
