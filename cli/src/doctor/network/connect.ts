import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { explain } from './explain.ts';

const stepTimeoutMs = 3_000;

/** `host:port`, IPv6 addresses in brackets, as host and port. */
export function splitAddress(address: string): { host: string; port: number } {
  const separator = address.lastIndexOf(':');
  return {
    host: address.slice(0, separator).replace(/^\[|\]$/g, ''),
    port: Number(address.slice(separator + 1)),
  };
}

/** The addresses of a name. @throws what the resolver says. */
export async function resolveName(host: string, signal: AbortSignal): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  const found = await bounded(lookup(host, { all: true }), signal);
  return found.map(({ address }) => address);
}

/** Opens a TCP connection. @throws what the system says. */
export async function openTcp(target: { host: string; port: number }, signal: AbortSignal): Promise<Socket> {
  const socket = connectTcp(target);
  return opened(socket, { event: 'connect', signal });
}

export interface TlsFiles {
  readonly caFile: string | undefined;
  readonly certificateFile: string | undefined;
  readonly keyFile: string | undefined;
}

/** Does the handshake as the exporter does, for HTTP/2 or HTTP/1.1. @throws what OpenSSL says. */
export async function openTls(
  target: { host: string; port: number },
  { files, signal }: { files: TlsFiles; signal: AbortSignal },
): Promise<TLSSocket> {
  const read = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file));
  const options: ConnectionOptions = {
    ...target,
    ...(isIP(target.host) === 0 ? { servername: target.host } : {}),
    ca: read(files.caFile),
    cert: read(files.certificateFile),
    key: read(files.keyFile),
    ALPNProtocols: ['h2', 'http/1.1'],
  };
  return opened(connectTls(options), { event: 'secureConnect', signal });
}

function opened<Opened extends Socket>(
  socket: Opened,
  { event, signal }: { event: string; signal: AbortSignal },
): Promise<Opened> {
  const connected = new Promise<Opened>((resolve, reject) => {
    socket.once('error', reject);
    socket.once(event, () => resolve(socket));
  });
  // What breaks later is the business of whoever uses the socket; it must not end the process.
  socket.on('error', () => {});
  return bounded(connected, signal).catch((error: unknown) => {
    socket.destroy();
    throw error;
  });
}

/** What a step brings, unless it takes longer than a step may. */
export async function bounded<Value>(step: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(stepTimeoutMs)]);
  return new Promise<Value>((resolve, reject) => {
    limit.addEventListener('abort', () => reject(new DOMException('no answer in time', 'TimeoutError')));
    step.then(resolve, reject);
  });
}

/** Sends bytes and resolves with what came back once `isWhole` says so; a text says why nothing did. Never throws. */
export async function exchange(
  socket: Socket,
  {
    send,
    isWhole,
    signal,
  }: { send: Buffer | string; isWhole: (answer: Buffer) => boolean; signal: AbortSignal },
): Promise<Buffer | string> {
  const chunks: Buffer[] = [];
  const answer = new Promise<Buffer>((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const whole = Buffer.concat(chunks);
      if (isWhole(whole) || whole.length > longestAnswerBytes) resolve(whole);
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    if (send.length > 0) socket.write(send);
  });
  try {
    return await bounded(answer, signal);
  } catch (error) {
    return explain(error);
  } finally {
    socket.removeAllListeners('data');
  }
}

const longestAnswerBytes = 64 * 1024;
