import { accessSync, constants, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that Debian puts off the PATH. */
const furtherPlaces = ['/usr/sbin', '/usr/lib/postgresql/*/bin'];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where a program is installed; undefined when it is not. */
export function findProgram(name: string): string | undefined {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, name));
  const elsewhere = furtherPlaces.flatMap((place) => globSync(join(place, name)).toSorted().toReversed());
  return [...onPath, ...elsewhere].find(isExecutable);
}

/**
 * For a suite's `skip` option: false when all programs are installed, else which one is missing. A developer's run then
 * names the suite it left out; CI refuses to leave one out.
 */
export function skipWithout(...names: readonly string[]): string | false {
  const missing = names.filter((name) => findProgram(name) === undefined);
  return missing.length === 0 ? false : `not installed: ${missing.join(', ')}`;
}
