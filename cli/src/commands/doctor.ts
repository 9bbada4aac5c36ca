import { parseArgs } from 'node:util';
import { countByStatus } from '../doctor/model.ts';
import { renderDoctorJson } from '../doctor/report/json.ts';
import { renderDoctor } from '../doctor/report/table.ts';
import { runDoctor } from '../doctor/run-doctor.ts';
import { Terminal } from '../terminal/terminal.ts';
import { errorText } from '../user-error.ts';
import type { DispatchContext } from './dispatch.ts';
import { doctorHelp } from './doctor-help.ts';
import { UsageError } from './usage-error.ts';

const options = {
  json: { type: 'boolean' },
  timeout: { type: 'string' },
  'no-send': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const defaultTimeoutSeconds = 30;
const longestTimeoutSeconds = 300;

/** Runs `ibex doctor`; resolves with 1 when there is a problem, 0 when there are at most warnings. */
export async function doctor(
  args: readonly string[],
  { version, ...context }: DispatchContext & { version: string },
): Promise<number> {
  const values = parse(args);
  if (values.help === true) {
    process.stdout.write(doctorHelp);
    return 0;
  }
  const timeoutMs = readTimeout(values.timeout) * 1000;
  const report = await runDoctor({ ...context, version, timeoutMs, mayTest: values['no-send'] !== true });
  const terminal = new Terminal(process.stdout, context.environment);
  process.stdout.write(values.json === true ? renderDoctorJson(report) : renderDoctor(report, terminal));
  return countByStatus(report).problem > 0 ? 1 : 0;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(errorText(error).replace(/\.$/, ''));
  }
}

function readTimeout(text: string | undefined): number {
  if (text === undefined) return defaultTimeoutSeconds;
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= longestTimeoutSeconds) return seconds;
  throw new UsageError(
    `--timeout must be a whole number of seconds from 1 to ${longestTimeoutSeconds}: it is "${text.slice(0, 50)}"`,
  );
}
