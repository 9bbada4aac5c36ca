import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type PortOwner, shortCommand } from './owner.ts';

interface Listener {
  readonly inode: string;
  readonly userId: number;
}

const listenState = '0A';

/** Reads /proc: the socket's inode from the tables of listeners, then the process that has it open. */
export function findLinuxOwner(port: number): PortOwner | undefined {
  const listener = listenersOn(port)[0];
  if (listener === undefined) return undefined;
  const pid = processWithSocket(listener.inode);
  if (pid === undefined) return { userId: listener.userId };
  const command = commandOf(pid);
  return { pid: Number(pid), userId: listener.userId, ...(command !== undefined && { command }) };
}

function listenersOn(port: number): Listener[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => parseSocketTable(readText(table), port));
}

/** The listeners on a port in a table like /proc/net/tcp (see proc_net_tcp in the kernel's documentation). */
export function parseSocketTable(table: string, port: number): Listener[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) && fields[3] === listenState)
    .map((fields) => ({ inode: fields[9] ?? '', userId: Number(fields[7]) }));
}

function processWithSocket(inode: string): string | undefined {
  const link = `socket:[${inode}]`;
  return list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((pid) => list(`/proc/${pid}/fd`).some((fd) => linkTarget(`/proc/${pid}/fd/${fd}`) === link));
}

function commandOf(pid: string): string | undefined {
  return shortCommand(readText(`/proc/${pid}/cmdline`).split('\0').filter(Boolean));
}

// A process may end, or belong to someone else, between two reads: then there is nothing to see.

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
