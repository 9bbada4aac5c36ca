import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.ts';
import { freePorts } from './free-ports.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const portVariables = [
  'IBEX_PROXY_PORT',
  'IBEX_AUTH_HTTP_PORT',
  'IBEX_AUTH_GRPC_PORT',
  'IBEX_COLLECTOR_OTLP_GRPC_PORT',
  'IBEX_COLLECTOR_OTLP_HTTP_PORT',
  'IBEX_COLLECTOR_QUERY_PORT',
  'IBEX_CONSOLE_PORT',
] as const;

export type PortVariable = (typeof portVariables)[number];

export interface Credentials {
  readonly api_key: string;
  readonly admin_token: string;
  readonly console_url: string;
}

/** The whole product, as `npm start` runs it, on ports and a directory of its own. */
export interface House {
  readonly process: ChildProcess;
  readonly ports: Readonly<Record<PortVariable, number>>;
  readonly dataDirectory: string;
  readonly credentials: Credentials;
  /** All that was printed so far, without colours. */
  output(): string;
  /** Base URL of the proxy with `/v1`. */
  readonly apiUrl: string;
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Stops and removes the directory. */
  dispose(): Promise<void>;
}

export interface HouseOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** A directory of an earlier house, to start again on its data. */
  readonly dataDirectory?: string;
}

/** Runs `ibex up` without waiting for it; for starts that are meant to fail. */
export async function spawnUp(environment: Readonly<Record<string, string>>): Promise<{
  child: ChildProcess;
  output: () => string;
  exited: Promise<number | null>;
}> {
  const child = spawn(process.execPath, [join(root, 'cli/src/main.ts'), 'up'], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', CI: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return { child, output: () => text, exited };
}

/** Ports for every service, as variables. */
export async function portEnvironment(): Promise<Record<PortVariable, number>> {
  const ports = await freePorts(portVariables.length);
  return Object.fromEntries(portVariables.map((name, index) => [name, ports[index]])) as Record<
    PortVariable,
    number
  >;
}

export function asText(ports: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));
}

/** Starts the product and waits until it says it is ready. */
export async function startHouse(options: HouseOptions = {}): Promise<House> {
  const ports = await portEnvironment();
  const dataDirectory = options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'ibex-house-'));
  const up = await spawnUp({ IBEX_DATA_DIR: dataDirectory, ...asText(ports), ...options.environment });
  const stop = async () => {
    up.child.kill('SIGINT');
    return up.exited;
  };
  let ended = false;
  void up.exited.then(() => (ended = true));
  try {
    await eventually(
      () => {
        if (ended) throw new Error(`ibex up ended:\n${up.output()}`);
        return up.output().includes('curl ') ? true : undefined;
      },
      { timeoutMs: 90_000, intervalMs: 25, what: 'a ready house' },
    );
  } catch (error) {
    up.child.kill('SIGKILL');
    throw error;
  }
  const credentials = JSON.parse(
    readFileSync(join(dataDirectory, 'credentials.json'), 'utf8'),
  ) as Credentials;
  return {
    process: up.child,
    ports,
    dataDirectory,
    credentials,
    output: up.output,
    apiUrl: `http://127.0.0.1:${ports.IBEX_PROXY_PORT}/v1`,
    stop,
    dispose: async () => {
      await stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}
