import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractHelp } from './contract-help.ts';
import { doctorHelp } from './doctor-help.ts';
import { gateHelp } from './gate-help.ts';
import { generalHelp, upHelp } from './help.ts';
import { up } from './up.ts';
import { UsageError } from './usage-error.ts';

export interface DispatchContext {
  /** The root of the workspace. */
  readonly root: string;
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
}

const usageError = 2;

/** Runs what the arguments ask for; resolves with the exit code. */
export async function dispatch(args: readonly string[], context: DispatchContext): Promise<number> {
  const [command, ...rest] = args;
  if (command === '--help' || command === '-h' || command === 'help') return show(generalHelp);
  if (command === '--version' || command === '-v') return show(`${version(context.root)}\n`);
  if (command === 'up') return dispatchUp(rest, context);
  // Loaded when they are asked for: `ibex up` runs for days and does without them.
  if (command === 'gate') {
    return orRefuse(async () => (await import('./gate.ts')).gate(rest, context), gateHelp);
  }
  if (command === 'contract') {
    return orRefuse(async () => (await import('./contract.ts')).contract(rest, context), contractHelp);
  }
  if (command === 'doctor') {
    const withVersion = { ...context, version: version(context.root) };
    return orRefuse(async () => (await import('./doctor.ts')).doctor(rest, withVersion), doctorHelp);
  }
  return refuse(
    command === undefined ? 'a command is missing' : `there is no command ${quote(command)}`,
    generalHelp,
  );
}

function dispatchUp(args: readonly string[], context: DispatchContext): Promise<number> | number {
  const [argument] = args;
  if (argument === undefined) return up(context);
  if (argument === '--help' || argument === '-h') return show(upHelp);
  return refuse(`\`ibex up\` takes no argument ${quote(argument)}`, upHelp);
}

async function orRefuse(run: () => Promise<number>, help: string): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof UsageError) return refuse(error.message, help);
    throw error;
  }
}

function show(text: string): number {
  process.stdout.write(text);
  return 0;
}

function refuse(problem: string, help: string): number {
  process.stderr.write(`ibex: ${problem}.\n\n${help}`);
  return usageError;
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}

function version(root: string): string {
  const manifest: { version: string } = JSON.parse(readFileSync(join(root, 'cli', 'package.json'), 'utf8'));
  return manifest.version;
}
