/** A server that is called, as spans name it. */
export interface CalledServer {
  readonly address: string;
  readonly port: number;
  readonly origin: string;
}

const maximumServers = 256;
const servers = new Map<string, CalledServer>();

/** Parsed once: a process calls few servers, and often. */
export function calledServer(origin: unknown): CalledServer {
  const text = String(origin);
  const known = servers.get(text);
  if (known !== undefined) return known;
  const server = parseServer(text);
  if (servers.size < maximumServers) servers.set(text, server);
  return server;
}

function parseServer(origin: string): CalledServer {
  if (!URL.canParse(origin)) return { address: 'unknown', port: 80, origin: 'http://unknown' };
  const url = new URL(origin);
  const defaultPort = url.protocol === 'https:' ? 443 : 80;
  return { address: url.hostname, port: Number(url.port) || defaultPort, origin: url.origin };
}
