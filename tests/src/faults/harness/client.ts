import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Answer } from './answer.ts';

const answerTimeoutMs = 60_000;

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How long it waits for the answer; by default a minute. */
  readonly timeoutMs?: number;
  /** Called with the answer when its headers have come, e.g. to leave. */
  readonly onResponse?: (response: IncomingMessage) => void;
}

/** The rest of an answer, as far as it comes. */
export function collect(response: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  response.on('data', (part: Buffer) => parts.push(part));
  return new Promise((resolve) => {
    response.on('error', () => undefined);
    response.once('close', () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(parts).toString(),
        complete: response.complete,
      }),
    );
  });
}

/** One request on a connection of its own, which ends with it. */
export function send(url: string, options: RequestOptions = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, onResponse, timeoutMs = answerTimeoutMs } = options;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const request = httpRequest(url, { method, headers, agent: false, signal });
    request.once('error', reject);
    request.once('response', (response) => {
      collect(response).then(resolve, reject);
      onResponse?.(response);
    });
    request.end(body);
  });
}

/** A connection on which a client says exactly what it wants to, and what came back. */
export interface RawClient {
  readonly socket: Socket;
  /** All that came so far. */
  text(): string;
  /** Resolves when the server has closed the connection, with all that came. */
  readonly closed: Promise<string>;
}

/** Opens a connection to the server of a URL. */
export async function openRaw(url: string): Promise<RawClient> {
  const { hostname, port } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname });
  let text = '';
  socket.on('data', (data) => (text += data.toString('latin1')));
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return { socket, text: () => text, closed };
}

function headersOf(head: string): Record<string, string> {
  const pairs = head
    .split('\r\n')
    .slice(1)
    .map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

/** The answers in what came over a raw connection; each must say its length. */
export function answersIn(text: string): readonly Answer[] {
  const answers: Answer[] = [];
  for (let rest = text; rest !== ''; ) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) throw new Error(`no whole answer in ${JSON.stringify(rest)}`);
    const headers = headersOf(rest.slice(0, end));
    const length = Number(headers['content-length'] ?? Number.NaN);
    if (Number.isNaN(length)) throw new Error(`no length in ${JSON.stringify(rest)}`);
    const body = rest.slice(end + 4, end + 4 + length);
    answers.push({ status: Number(rest.slice(9, 12)), headers, body, complete: body.length === length });
    rest = rest.slice(end + 4 + length);
  }
  return answers;
}
