import { execFileSync } from 'node:child_process';
import { type PortOwner, shortCommand } from './owner.ts';

/** Asks `lsof`, which macOS and the BSDs bring; undefined when it is not there or knows nothing. */
export function findOwnerByLsof(port: number): PortOwner | undefined {
  const pid = /^p(\d+)$/m.exec(run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp']))?.[1];
  if (pid === undefined) return undefined;
  const command = shortCommand(run('ps', ['-o', 'args=', '-p', pid]).trim().split(/\s+/));
  return { pid: Number(pid), ...(command !== undefined && { command }) };
}

function run(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      timeout: 2_000,
      maxBuffer: 262_144,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}
