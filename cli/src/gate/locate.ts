import { globSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Finds where the contract says something. */
export type Locate = (...path: readonly string[]) => string | undefined;

interface SourceFile {
  readonly path: string;
  readonly lines: readonly string[];
}

const mostFiles = 500;

/**
 * Looks entries of a contract up in its sources, files or directories, so that a finding can name the line to read.
 * Each step of a path is looked for after the one before it, in the same file: `locate('http_requests_total', 'path')`.
 * An entry that cannot be found is answered with the nearest step that can.
 */
export function createLocator(sources: readonly string[], from: string): Locate {
  return locatorOver(() => readSources(sources), from);
}

/** The same for probes, which stand in a file of their own or along with the contract. */
export function createProbeLocator(sources: readonly string[], from: string): Locate {
  const inProbes = locatorOver(() => readSources(sources).filter(({ path }) => /probe/.test(path)), from);
  const anywhere = createLocator(sources, from);
  return (...path) => inProbes(...path) ?? anywhere(...path);
}

function locatorOver(read: () => readonly SourceFile[], from: string): Locate {
  let files: readonly SourceFile[] | undefined;
  const known = new Map<string, string | undefined>();
  return (...path) => {
    const key = path.join('\u0000');
    if (!known.has(key)) {
      files ??= read();
      known.set(key, find(files, path, from));
    }
    return known.get(key);
  };
}

function readSources(sources: readonly string[]): SourceFile[] {
  return [...new Set(sources.flatMap(filesOf))]
    .slice(0, mostFiles)
    .map((path) => ({ path, lines: readFileSync(path, 'utf8').split('\n') }));
}

function filesOf(source: string): string[] {
  if (statSync(source).isFile()) return [source];
  const files = globSync('**/*.{ts,js,mjs,json}', {
    cwd: source,
    exclude: (name) => name === 'node_modules' || /\.test\.|testing/.test(name),
  });
  return files.toSorted().map((file) => join(source, file));
}

/** The file that has every step of the path, else the first that has the first. */
function find(files: readonly SourceFile[], path: readonly string[], from: string): string | undefined {
  let nearest: string | undefined;
  for (const { path: file, lines } of files) {
    const first = lineOf(lines, path[0] ?? '', 0);
    if (first === undefined) continue;
    const end = endOf(lines, first);
    let line = first;
    let isWhole = true;
    for (const step of path.slice(1)) {
      const next = lineOf(lines, step, line, end);
      if (next === undefined) isWhole = false;
      else line = next;
    }
    const place = `${relative(from, file)}:${line + 1}`;
    if (isWhole) return place;
    nearest ??= place;
  }
  return nearest;
}

/** The line that declares a key, that names an entry so, or that lists the text. */
function lineOf(
  lines: readonly string[],
  entry: string,
  start: number,
  end = lines.length,
): number | undefined {
  const name = entry.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const key = new RegExp(`(^|[\\s{,])["']?${name}["']?\\s*(:|= )`);
  const named = new RegExp(`\\bname:\\s*["']${name}["']`);
  const item = new RegExp(`["']${name}["']`);
  for (const pattern of [key, named, item]) {
    for (let line = start; line < end; line++) if (pattern.test(lines[line] ?? '')) return line;
  }
  return undefined;
}

/** The line after an entry's block, told by the indentation. */
function endOf(lines: readonly string[], start: number): number {
  const indentation = /^\s*/.exec(lines[start] ?? '')?.[0].length ?? 0;
  for (let line = start + 1; line < lines.length; line++) {
    const text = lines[line] ?? '';
    if (text.trim() !== '' && /^\s*/.exec(text)?.[0].length === indentation) return line + 1;
  }
  return lines.length;
}
