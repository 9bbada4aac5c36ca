import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** What the web console is made from, beside the lock file of the workspace. */
const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'package.json', 'tsconfig.json'];

/** A hash over the names and contents of everything the web console is built from; tests count not. */
export function sourceHash(webDirectory: string, lockFile: string): string {
  const hash = createHash('sha256').update(readFileSync(lockFile));
  for (const path of sources.flatMap((source) => filesUnder(join(webDirectory, source))).sort()) {
    const content = readFileSync(path);
    hash.update(`${relative(webDirectory, path).split(sep).join('/')}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function filesUnder(path: string): string[] {
  try {
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return [path];
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
