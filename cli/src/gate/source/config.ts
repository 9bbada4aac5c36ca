import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defaultNames, type SourceNames } from '@ibex/eslint-plugin/source-rules';
import { errorText, UserError } from '../../user-error.ts';

/** A place where a rule does not hold, on purpose. */
export interface SourceException {
  readonly rule: string;
  /** A file, from the root of the tree; `*` and `**` stand for any part. */
  readonly file: string;
  readonly reason: string;
}

/** `ibex-gate.json`: what of a tree is held against the rules. Paths are patterns from the root of the tree. */
export interface SourceConfig extends SourceNames {
  /** Entry points of processes. */
  readonly binaries: readonly string[];
  /** Code that runs in services. */
  readonly sources: readonly string[];
  readonly ignore: readonly string[];
  /** Where telemetry itself lives: clients may be imported and metrics registered there. */
  readonly telemetry: readonly string[];
  /** Files that hand variables to processes: sources, compose files, Kubernetes manifests. */
  readonly wiring: readonly string[];
  readonly exceptions: readonly SourceException[];
}

export const configFileName = 'ibex-gate.json';

const defaults: SourceConfig = {
  binaries: ['**/main.{ts,mts,js,mjs}'],
  sources: ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'],
  ignore: [
    '**/node_modules/**',
    '**/{dist,build,coverage,generated}/**',
    '**/{test,tests,testing,__tests__}/**',
    '**/*.{test,spec}.*',
    '**/*.d.{ts,mts,cts}',
  ],
  telemetry: [],
  ...defaultNames,
  wiring: [],
  exceptions: [],
};

/**
 * Reads the configuration of a tree; fields that are absent have their defaults, and so has a tree without the file.
 * @throws {UserError} naming the field as written.
 */
export function readSourceConfig(root: string, file: string | undefined, from: string): SourceConfig {
  const path = file === undefined ? join(root, configFileName) : resolve(from, file);
  const text = readText(path, file !== undefined);
  if (text === undefined) return defaults;
  const value = parse(text, path);
  for (const [field, given] of Object.entries(value)) checkField(field, given, path);
  return { ...defaults, ...(value as Partial<SourceConfig>) };
}

function readText(path: string, isAsked: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!isAsked && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UserError(`${path} must be readable: ${errorText(error)}`);
  }
}

function parse(text: string, path: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw new UserError(`${path} must be JSON: ${errorText(error)}`);
  }
  throw new UserError(`${path} must be a JSON object: it is none.`);
}

function checkField(field: string, value: unknown, path: string): void {
  if (field === '$schema' || field === '$comment') return;
  if (!Object.hasOwn(defaults, field)) {
    throw new UserError(`${path} has the fields ${Object.keys(defaults).join(', ')}: "${field}" is none.`);
  }
  const isRight = Array.isArray(value) && value.every(field === 'exceptions' ? isException : isText);
  if (isRight) return;
  const rule =
    field === 'exceptions' ? 'a list of { rule, file, reason }, none of them empty' : 'a list of texts';
  throw new UserError(`${path}: ${field} must be ${rule}.`);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isException(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { rule, file, reason } = value as Partial<SourceException>;
  return isText(rule) && isText(file) && isText(reason);
}
