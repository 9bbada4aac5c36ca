import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const cacheDirectory = fileURLToPath(new URL('../../../../node_modules/.cache/ibex-auth', import.meta.url));
const createClusterScript = fileURLToPath(new URL('../database/create-cluster.ts', import.meta.url));

/** What a cluster depends on: how it is made, and by which release of PGlite. */
function templateName(): string {
  const sources = [
    new URL('../database/pglite.ts', import.meta.url),
    new URL('../package.json', import.meta.resolve('@electric-sql/pglite')),
  ];
  const hash = createHash('sha256');
  for (const source of sources) hash.update(readFileSync(source));
  return `cluster-${hash.digest('hex').slice(0, 16)}`;
}

/**
 * An empty cluster to copy, made once per machine: making one takes seconds. `start.test.ts` has the service make its
 * own.
 */
export async function clusterTemplate(): Promise<string> {
  const template = join(cacheDirectory, templateName());
  if (existsSync(template)) return template;
  mkdirSync(cacheDirectory, { recursive: true });
  const draft = `${template}.${process.pid}`;
  await promisify(execFile)(process.execPath, [createClusterScript, draft]);
  try {
    renameSync(draft, template);
  } catch {
    // Another test process was faster.
    rmSync(draft, { recursive: true, force: true });
  }
  return template;
}
