import { existsSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { DoctorContext } from '../context.ts';
import { type Finding, ok, problem } from '../model.ts';
import { bounded, exchange, openTcp } from '../network/connect.ts';
import { explain } from '../network/explain.ts';
import { get } from '../network/get.ts';

interface Dependency {
  readonly name: string;
  readonly variable: string;
  readonly defaultPort: number;
  readonly talk: (url: URL, signal: AbortSignal) => Promise<string>;
}

const dependencies: readonly Dependency[] = [
  { name: 'Redis', variable: 'REDIS_URL', defaultPort: 6379, talk: talkToRedis },
  { name: 'NATS', variable: 'NATS_URL', defaultPort: 4222, talk: talkToNats },
  { name: 'Postgres', variable: 'DATABASE_URL', defaultPort: 5432, talk: talkToPostgres },
];

/** What the settings name besides: each is spoken to in its own protocol. */
export async function checkDependencies(context: DoctorContext): Promise<Finding[]> {
  const named = dependencies.flatMap((dependency) => {
    const value = readValue(dependency.variable, context.environment);
    return value === undefined ? [] : [checkDependency(dependency, { value, context })];
  });
  const prometheus = Object.entries(context.environment)
    .filter(([name, value]) => /(^|_)PROMETHEUS_URL$/.test(name) && (value ?? '') !== '')
    .map(([name, value]) => checkPrometheus(name, { value: value ?? '', context }));
  return Promise.all([...named, ...prometheus]);
}

/** The value of a variable, or of the file that `<variable>_FILE` names. */
function readValue(variable: string, environment: NodeJS.ProcessEnv): string | undefined {
  const given = environment[variable]?.trim();
  if (given) return given;
  const file = environment[`${variable}_FILE`]?.trim();
  return file && existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

async function checkDependency(
  { name, variable, defaultPort, talk }: Dependency,
  { value, context }: { value: string; context: DoctorContext },
): Promise<Finding> {
  const url = URL.parse(value);
  if (url === null || url.hostname === '')
    return problem(name, `${variable} is no URL (not shown)`, `Correct ${variable}.`);
  const place = `${url.hostname}:${url.port || defaultPort}`;
  if (url.port === '') url.port = String(defaultPort);
  try {
    return ok(name, `${place} ${await talk(url, context.signal)}`);
  } catch (error) {
    return problem(
      name,
      `${place}: ${explain(error)}`,
      `Start it, correct ${variable}, or leave ${variable} out.`,
    );
  }
}

async function open(
  url: URL,
  { signal, isSecure }: { signal: AbortSignal; isSecure: boolean },
): Promise<Socket> {
  const target = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) };
  return isSecure
    ? secured(connect({ ...target, servername: target.host }), signal)
    : openTcp(target, signal);
}

async function secured(socket: TLSSocket, signal: AbortSignal): Promise<Socket> {
  await bounded(
    new Promise((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    }),
    signal,
  );
  return socket;
}

/** One exchange on a fresh connection. @throws when there is no answer. */
async function ask(
  url: URL,
  {
    signal,
    isSecure,
    send,
    isWhole,
  }: { signal: AbortSignal; isSecure: boolean; send: Buffer | string; isWhole: (answer: Buffer) => boolean },
): Promise<Buffer> {
  const socket = await open(url, { signal, isSecure });
  try {
    const answer = await exchange(socket, { send, isWhole, signal });
    if (typeof answer === 'string') throw new Error(answer);
    return answer;
  } finally {
    socket.destroy();
  }
}

/** PING, after AUTH where the URL has a password (Redis serialisation protocol, version 2). */
async function talkToRedis(url: URL, signal: AbortSignal): Promise<string> {
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  const auth = password === '' ? [] : [command('AUTH', ...(user === '' ? [] : [user]), password)];
  const lines = auth.length + 1;
  const answer = await ask(url, {
    signal,
    isSecure: url.protocol === 'rediss:',
    send: [...auth, command('PING')].join(''),
    isWhole: (bytes) => bytes.toString('latin1').split('\r\n').length > lines,
  });
  const refused = answer
    .toString()
    .split('\r\n')
    .find((line) => line.startsWith('-'));
  if (refused !== undefined) throw new Error(`it refused: ${refused.slice(1)}`);
  if (!answer.includes('+PONG')) throw new Error('what answers is not Redis');
  return 'answers PING';
}

function command(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/** The server speaks first; CONNECT and PING bring PONG, or -ERR when it does not let us in. */
async function talkToNats(url: URL, signal: AbortSignal): Promise<string> {
  if (url.protocol === 'tls:') {
    const greeting = await ask(url, {
      signal,
      isSecure: false,
      send: '',
      isWhole: (bytes) => bytes.includes('\r\n'),
    });
    if (!greeting.toString().startsWith('INFO ')) throw new Error('what answers is not NATS');
    return 'answers, and asks for TLS as the URL says';
  }
  const options = { verbose: false, pedantic: false, name: 'ibex doctor', ...natsCredentials(url) };
  const answer = await ask(url, {
    signal,
    isSecure: false,
    send: `CONNECT ${JSON.stringify(options)}\r\nPING\r\n`,
    isWhole: (bytes) => bytes.includes('PONG') || bytes.includes('-ERR'),
  });
  const text = answer.toString();
  if (!text.startsWith('INFO ')) throw new Error('what answers is not NATS');
  const refused = /-ERR '([^']*)'/.exec(text)?.[1];
  if (refused !== undefined) throw new Error(`it refused: ${refused}`);
  return 'answers PING';
}

function natsCredentials({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  return pass === '' ? { auth_token: user } : { user, pass };
}

/** SSLRequest, which every server answers with one byte before anybody signs in. */
async function talkToPostgres(url: URL, signal: AbortSignal): Promise<string> {
  const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
  const answer = await ask(url, {
    signal,
    isSecure: false,
    send: sslRequest,
    isWhole: (bytes) => bytes.length > 0,
  });
  const [byte] = answer.toString('latin1');
  if (byte !== 'S' && byte !== 'N') throw new Error('what answers is not Postgres');
  return `answers, ${byte === 'S' ? 'with' : 'without'} TLS; whether it lets us in, auth's readiness says`;
}

async function checkPrometheus(
  variable: string,
  { value, context }: { value: string; context: DoctorContext },
): Promise<Finding> {
  const url = URL.parse(value);
  const name = 'Prometheus';
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return problem(name, `${variable} is no http(s) URL (not shown)`, `Correct ${variable}.`);
  }
  const reply = await get(`${url.origin}${url.pathname.replace(/\/$/, '')}/-/ready`, {
    signal: context.signal,
  });
  if (typeof reply !== 'string' && reply.status === 200) return ok(name, `ready at ${url.host}`);
  const why = typeof reply === 'string' ? reply : `HTTP ${reply.status}`;
  return problem(name, `not ready at ${url.host}: ${why}`, `Start it, or correct ${variable}.`);
}
