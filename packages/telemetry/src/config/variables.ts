import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable's value, undefined when it is unset or empty. */
export function read(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === '' ? undefined : value;
}

/**
 * The variable's value as one of those it may have, compared without case.
 * @throws {ConfigError}
 */
export function readOneOf<Value extends string>(
  environment: Environment,
  name: string,
  values: readonly Value[],
): Value | undefined {
  const value = read(environment, name);
  if (value === undefined) return undefined;
  const found = values.find((candidate) => candidate.toLowerCase() === value.toLowerCase());
  if (found === undefined) throw new ConfigError(name, `one of ${values.join(', ')}`, value);
  return found;
}

/**
 * `true` or `false`.
 * @throws {ConfigError}
 */
export function readBoolean(environment: Environment, name: string): boolean | undefined {
  const value = readOneOf(environment, name, ['true', 'false']);
  return value === undefined ? undefined : value === 'true';
}

/**
 * A whole number within bounds.
 * @throws {ConfigError}
 */
export function readInteger(
  environment: Environment,
  name: string,
  { minimum, maximum, unit }: { minimum: number; maximum: number; unit: string },
): number | undefined {
  const text = read(environment, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  throw new ConfigError(name, `a whole number of ${unit} from ${minimum} to ${maximum}`, text);
}

/**
 * The value of `NAME`, or of the file that `NAME_FILE` names.
 * @throws {ConfigError}
 */
export function readSecret(environment: Environment, name: string): string | undefined {
  const value = read(environment, name);
  const file = read(environment, `${name}_FILE`);
  if (value !== undefined || file === undefined) return value;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new ConfigError(`${name}_FILE`, 'the name of a readable file', file);
  }
}
