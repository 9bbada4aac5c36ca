import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { GateReport } from '../gate/model.ts';
import { renderJson } from '../gate/report/json.ts';
import { renderJunit } from '../gate/report/junit.ts';
import { renderTable } from '../gate/report/table.ts';
import { runGate } from '../gate/run-gate.ts';
import { runSourceGate } from '../gate/source/run-source-gate.ts';
import { Terminal } from '../terminal/terminal.ts';
import { errorText, UserError } from '../user-error.ts';
import type { DispatchContext } from './dispatch.ts';
import { type ReportOptions, readGateArguments } from './gate-arguments.ts';
import { gateHelp } from './gate-help.ts';

/** Runs `ibex gate`; resolves with 1 when something was found, 0 when nothing was. */
export async function gate(args: readonly string[], context: DispatchContext): Promise<number> {
  const read = await readGateArguments(args, context);
  if (read.kind === 'help') {
    process.stdout.write(gateHelp);
    return 0;
  }
  const report = await (read.kind === 'live'
    ? runGate(read.request)
    : runSourceGate({ ...read, from: context.directory }));
  give(report, read.report, context);
  return report.inspections.some(({ findings }) => findings.length > 0) ? 1 : 0;
}

function give(report: GateReport, { json, junitFile }: ReportOptions, context: DispatchContext): void {
  if (junitFile !== undefined) write(resolve(context.directory, junitFile), renderJunit(report));
  const { style } = new Terminal(process.stdout, context.environment);
  process.stdout.write(json ? renderJson(report) : renderTable(report, style));
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError(`--junit must name a file that can be written: ${errorText(error)}.`);
  }
}
