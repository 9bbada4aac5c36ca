import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { diffContracts } from '../contract/diff/diff-contracts.ts';
import { findUses } from '../contract/diff/find-uses.ts';
import { renderDiff } from '../contract/diff/render-diff.ts';
import { renderContractDocs } from '../contract/docs/render-docs.ts';
import { type LoadedContract, loadContract, shippedContract } from '../contract/load.ts';
import { renderContractJson } from '../contract/render-json.ts';
import { Terminal } from '../terminal/terminal.ts';
import { errorText, UserError } from '../user-error.ts';
import { contractHelp } from './contract-help.ts';
import type { DispatchContext } from './dispatch.ts';
import { UsageError } from './usage-error.ts';

const usualPlaces = ['deploy', 'services', 'docs'];
const options = {
  contract: { type: 'string' },
  output: { type: 'string' },
  'used-by': { type: 'string', multiple: true },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

interface Values {
  readonly contract?: string;
  readonly output?: string;
  readonly 'used-by'?: string[];
  readonly json?: boolean;
  readonly help?: boolean;
}

/** Runs `ibex contract`; resolves with 1 when a difference breaks something. */
export async function contract(args: readonly string[], context: DispatchContext): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help === true) {
    process.stdout.write(contractHelp);
    return 0;
  }
  const [action, ...rest] = positionals;
  if (action === 'diff') return diff(rest, values, context);
  if (action !== 'json' && action !== 'docs') {
    const problem =
      action === undefined ? 'what to do is missing' : `there is no \`ibex contract ${action}\``;
    throw new UsageError(problem);
  }
  refuse(`\`ibex contract ${action}\``, rest[0] ?? given(values, ['json', 'used-by']));
  const loaded =
    values.contract === undefined
      ? shippedContract()
      : await loadContract(values.contract, context.directory);
  give(render(action, loaded), values.output, context);
  return 0;
}

function parse(args: readonly string[]): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(errorText(error).replace(/\.$/, ''));
  }
}

function given(values: Values, names: readonly (keyof Values)[]): string | undefined {
  const name = names.find((candidate) => values[candidate] !== undefined);
  return name === undefined ? undefined : `--${name}`;
}

function refuse(command: string, argument: string | undefined): void {
  if (argument !== undefined)
    throw new UsageError(`${command} takes no argument "${argument.slice(0, 100)}"`);
}

function render(action: 'json' | 'docs', loaded: LoadedContract): string {
  return action === 'json' ? renderContractJson(loaded) : renderContractDocs(loaded.contract);
}

function give(text: string, file: string | undefined, { directory }: DispatchContext): void {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(resolve(directory, file), text);
  } catch (error) {
    throw new UserError(`--output must name a file that can be written: ${errorText(error)}.`);
  }
}

async function diff(rest: readonly string[], values: Values, context: DispatchContext): Promise<number> {
  const [oldFile, newFile, further] = rest;
  if (oldFile === undefined || newFile === undefined) throw new UsageError('OLD and NEW are needed');
  refuse('`ibex contract diff`', further ?? given(values, ['contract', 'output']));
  if (oldFile === '-' && newFile === '-')
    throw new UsageError('only one of OLD and NEW can be standard input');
  const { directory, environment } = context;
  const old = await loadContract(oldFile, directory);
  const now = await loadContract(newFile, directory);
  const places = values['used-by'] ?? usualPlaces.filter((place) => existsSync(join(directory, place)));
  const changes = diffContracts(old.contract, now.contract, findUses(places, directory));
  const { style } = new Terminal(process.stdout, environment);
  process.stdout.write(
    values.json === true ? `${JSON.stringify({ changes }, undefined, 2)}\n` : renderDiff(changes, style),
  );
  return changes.some(({ breaking }) => breaking) ? 1 : 0;
}
