import { UserError } from '../user-error.ts';

/** One line for what the user can mend; more for what only we can. */
export function report(error: unknown): void {
  if (error instanceof UserError) {
    for (const line of error.context) process.stderr.write(`  ${line}\n`);
    process.stderr.write(`ibex: ${error.message}\n`);
  } else {
    process.stderr.write(
      `ibex: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  }
}
