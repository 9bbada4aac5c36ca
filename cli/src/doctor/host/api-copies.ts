import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Finding, ok, problem, skipped, warning } from '../model.ts';

const name = '@opentelemetry/api';
const mostDirectories = 20_000;

interface Copy {
  readonly path: string;
  readonly version: string;
}

/**
 * Copies of the OpenTelemetry API in a project. All copies of one major version share what one of them registers, as
 * long as it is not older than they are: what a library with a newer copy records is lost without a word.
 */
export function checkApiCopies(directory: string): Finding {
  const copies = findCopies(directory);
  const versions = [...new Set(copies.map(({ version }) => version))].toSorted(byVersion);
  const [lowest] = versions;
  const highest = versions.at(-1);
  if (lowest === undefined || highest === undefined) return skipped(name, 'not installed in this project');
  if (versions.length === 1) {
    return ok(name, copies.length === 1 ? lowest : `${lowest}, ${copies.length} copies of the same version`);
  }
  const where = copies.map(({ path, version }) => `${version} in ${relative(directory, path)}`).join(', ');
  const advice = `Have one: \`npm dedupe\`, or "overrides": { "${name}": "${highest}" } in package.json, then \`npm ls ${name}\`.`;
  if (major(lowest) !== major(highest)) {
    return problem(name, `${versions.length} versions that do not see one another: ${where}`, advice);
  }
  return warning(
    name,
    `${versions.length} versions: spans of a library with a newer copy can be lost: ${where}`,
    advice,
  );
}

function findCopies(directory: string): Copy[] {
  const copies: Copy[] = [];
  const waiting = [join(directory, 'node_modules')];
  for (let visited = 0; waiting.length > 0 && visited < mostDirectories; visited++) {
    const modules = waiting.pop() ?? '';
    for (const path of packagesIn(modules)) {
      if (path.endsWith(join('@opentelemetry', 'api'))) copies.push(...readCopy(path));
      waiting.push(join(path, 'node_modules'));
    }
  }
  return copies;
}

/** Directories of packages; links are left out, so that a workspace is not walked in circles. */
function packagesIn(modules: string): string[] {
  return directoriesIn(modules).flatMap((entry) => {
    const path = join(modules, entry);
    if (entry === '.pnpm') return directoriesIn(path).map((store) => join(path, store));
    if (entry.startsWith('.')) return [];
    return entry.startsWith('@') ? directoriesIn(path).map((inner) => join(path, inner)) : [path];
  });
}

function directoriesIn(path: string): string[] {
  const entries = readEntries(path);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

function readEntries(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}

function readCopy(path: string): Copy[] {
  try {
    const { version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? [{ path, version }] : [];
  } catch {
    return [];
  }
}

function major(version: string): string {
  return version.split('.', 1)[0] ?? '';
}

function byVersion(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
