import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type ContractDefinition, ibexContract, ibexProbes, type Probes } from '@ibex/contract';
import { errorText, UserError } from '../user-error.ts';

export interface LoadedContract {
  readonly contract: ContractDefinition;
  /** What to ask of its services; empty when it declares none. */
  readonly probes: Probes;
  /** Files and directories of its sources, for `file:line` in findings. */
  readonly sources: readonly string[];
}

const ibexSources = dirname(fileURLToPath(import.meta.resolve('@ibex/contract')));
const required = ['services', 'metrics', 'spans', 'logFields', 'slos', 'retention'] as const;

/** The shipped contract. */
export function shippedContract(): LoadedContract {
  return { contract: ibexContract, probes: ibexProbes, sources: [ibexSources] };
}

/**
 * Reads a contract from a module that exports it (as `default`, as `contract`, or as its only contract), or from the
 * JSON that `ibex contract json` writes; `-` reads that JSON from standard input.
 * @throws {UserError} naming the file and what is wrong with it.
 */
export async function loadContract(file: string, directory: string): Promise<LoadedContract> {
  if (file === '-') return { ...parseContract(readText(0, 'standard input'), 'standard input'), sources: [] };
  const path = resolve(directory, file);
  if (extname(path) === '.json') return { ...parseContract(readText(path, file), file), sources: [path] };
  const module = await importModule(path, file);
  const candidates = [module.default, module.contract, ...Object.values(module)];
  const contract = candidates.find(isContract);
  if (contract === undefined)
    throw new UserError(`${file} must export a contract: it exports ${names(module)}.`);
  const probes = (module.probes ?? {}) as Probes;
  return { contract, probes, sources: [path, dirname(path), ibexSources] };
}

function parseContract(text: string, file: string): { contract: ContractDefinition; probes: Probes } {
  const value = parse(text, file);
  if (!isContract(value)) {
    throw new UserError(`${file} must be a contract with ${required.join(', ')}: it is not.`);
  }
  const { probes = {}, ...rest } = value as ContractDefinition & { probes?: Probes };
  return { contract: onlyDeclared(rest), probes };
}

/** What `ibex contract json` derives is told from what was declared by its key. */
function onlyDeclared(value: object): ContractDefinition {
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => !['$schema', 'format', 'derived'].includes(key)),
  ) as unknown as ContractDefinition;
}

function isContract(value: unknown): value is ContractDefinition {
  return typeof value === 'object' && value !== null && required.every((key) => Object.hasOwn(value, key));
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file} must be JSON: ${errorText(error)}`);
  }
}

function readText(path: string | number, file: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`${file} must be readable: ${errorText(error)}`);
  }
}

async function importModule(path: string, file: string): Promise<Record<string, unknown>> {
  if (!existsSync(path))
    throw new UserError(`${file} must be a file with a contract: there is none at ${path}.`);
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    throw new UserError(`${file} must be a module that can be imported: ${errorText(error)}`);
  }
}

function names(module: Record<string, unknown>): string {
  return Object.keys(module).slice(0, 10).join(', ') || 'nothing';
}
