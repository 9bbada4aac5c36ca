import { findLinuxOwner } from './owner-linux.ts';
import { findOwnerByLsof } from './owner-lsof.ts';

/** The process that listens on a port, as far as this user may know it. */
export interface PortOwner {
  readonly pid?: number;
  /** The program and its first argument, no more: later ones may be secret. */
  readonly command?: string;
  /** Numeric id of the user the listener belongs to. */
  readonly userId?: number;
}

/** Finds who listens on a local TCP port; undefined when the system does not tell. */
export function findPortOwner(port: number): PortOwner | undefined {
  return process.platform === 'linux' ? findLinuxOwner(port) : findOwnerByLsof(port);
}

/** The owner in words, e.g. `by node server.js (pid 4711)`; empty when unknown. */
export function describeOwner(owner: PortOwner | undefined): string {
  if (owner === undefined) return '';
  const pid = owner.pid === undefined ? '' : ` (pid ${owner.pid})`;
  if (owner.command !== undefined) return ` by ${owner.command}${pid}`;
  if (owner.pid !== undefined) return ` by process ${owner.pid}`;
  return owner.userId === undefined ? '' : ` by a process of the user with id ${owner.userId}`;
}

/** The program's name and its first argument when that is no option, bounded and without control characters. */
export function shortCommand(args: readonly string[]): string | undefined {
  const program = args[0]?.split('/').at(-1);
  if (program === undefined || program === '') return undefined;
  const first = args.slice(1).find((argument) => !argument.startsWith('-'));
  const text = first === undefined ? program : `${program} ${first}`;
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 120);
}
