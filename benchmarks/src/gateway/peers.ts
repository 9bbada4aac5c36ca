import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const directory = fileURLToPath(new URL('../../peers', import.meta.url));

/** A file of a peer's package; peers are installed from their own lock file when the first of them is asked for. */
export function peerScript(path: string): string {
  const script = `${directory}/node_modules/${path}`;
  if (existsSync(script)) return script;
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: directory,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error(`\`npm ci\` failed in ${directory}; its output is above.`);
  return script;
}
