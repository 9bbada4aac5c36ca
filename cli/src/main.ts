import './small-memory.ts';
import { fileURLToPath } from 'node:url';
import { dispatch } from './commands/dispatch.ts';
import { report } from './terminal/report.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const context = { root, directory: process.cwd(), environment: process.env };

async function exitCode(): Promise<number> {
  try {
    return await dispatch(process.argv.slice(2), context);
  } catch (error) {
    report(error);
    return 1;
  }
}

const code = await exitCode();
// Where pipes are written in the background, what was printed last would be lost by exiting at once.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
