import { isIP } from 'node:net';

/**
 * What stands for a client where it is counted by its address: the address, or of IPv6 the /64 it lies in, since a host owns
 * all of that and could change with every request. What is no address, as a proxy in front may forward, is one client.
 */
export function networkOf(address: string): string {
  const family = isIP(address);
  if (family === 0) return 'unreadable';
  if (family === 4 || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...zeros, ...after].slice(0, 4).join(':');
}
