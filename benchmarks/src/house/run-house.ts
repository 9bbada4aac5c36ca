import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../harness/free-port.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** As `npm start` gives it to the command: without, the command loads the compiler that takes types out, and its 30 MB. */
const compileCache = process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules/.cache/node-compile');
const readyTimeoutMs = 120_000;
const shownTimeoutMs = 30_000;
const pollMs = 20;

const portVariables = [
  'IBEX_PROXY_PORT',
  'IBEX_AUTH_HTTP_PORT',
  'IBEX_AUTH_GRPC_PORT',
  'IBEX_COLLECTOR_OTLP_GRPC_PORT',
  'IBEX_COLLECTOR_OTLP_HTTP_PORT',
  'IBEX_COLLECTOR_QUERY_PORT',
  'IBEX_CONSOLE_PORT',
] as const;

/** One start of the whole product. */
export interface HouseRun {
  readonly readySeconds: number;
  /** Resident memory of the command and the four services, shared pages counted in each. */
  readonly residentMegabytes: number;
  /** From the answer of the first request to its trace in the console. */
  readonly firstTraceSeconds: number;
  readonly stopSeconds: number;
}

async function waitFor<Result>(
  probe: () => Promise<Result | undefined> | Result | undefined,
  timeoutMs: number,
): Promise<Result> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const result = await probe();
    if (result !== undefined) return result;
    await delay(pollMs);
  }
  throw new Error(`Nothing came within ${timeoutMs} ms.`);
}

function residentMegabytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

function totalResident(child: ChildProcess): number {
  const pid = child.pid ?? 0;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).map(Number);
  return [pid, ...children].reduce((sum, process) => sum + residentMegabytes(process), 0);
}

interface Credentials {
  readonly api_key: string;
  readonly admin_token: string;
  readonly console_url: string;
}

/** Sends one request; resolves with the seconds until the console shows its trace. */
async function firstTrace(apiUrl: string, credentials: Credentials): Promise<number> {
  const base = credentials.console_url;
  const login = await fetch(`${base}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base },
    body: JSON.stringify({ token: credentials.admin_token }),
  });
  const cookie = login.headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ');
  const response = await fetch(`${apiUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${credentials.api_key}` },
    body: JSON.stringify({ model: 'echo', messages: [{ role: 'user', content: 'Hello, Ibex' }] }),
  });
  await response.arrayBuffer();
  const answeredAt = performance.now();
  const url = `${base}/api/telemetry/traces/${response.headers.get('x-trace-id')}`;
  await waitFor(async () => {
    const trace = await fetch(url, { headers: { cookie } });
    const body = await trace.text();
    return trace.ok && body.includes('"POST /v1/chat/completions"') ? true : undefined;
  }, shownTimeoutMs);
  return (performance.now() - answeredAt) / 1000;
}

/** Starts the product on the data of `directory`, sends a request, measures, and stops it. */
export async function runHouse(directory: string): Promise<HouseRun> {
  const ports = Object.fromEntries(
    await Promise.all(portVariables.map(async (name) => [name, String(await freePort())] as const)),
  );
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(root, 'cli/src/main.ts'), 'up'], {
    cwd: root,
    env: {
      ...process.env,
      NO_COLOR: '1',
      NODE_COMPILE_CACHE: compileCache,
      IBEX_DATA_DIR: directory,
      ...ports,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  const exited = new Promise((resolve) => child.once('close', resolve));
  await waitFor(() => (output.includes('curl ') ? true : undefined), readyTimeoutMs);
  const readySeconds = (performance.now() - startedAt) / 1000;
  const credentials = JSON.parse(readFileSync(join(directory, 'credentials.json'), 'utf8')) as Credentials;
  const firstTraceSeconds = await firstTrace(`http://127.0.0.1:${ports.IBEX_PROXY_PORT}`, credentials);
  const resident = totalResident(child);
  const stoppingAt = performance.now();
  child.kill('SIGINT');
  await exited;
  const stopSeconds = (performance.now() - stoppingAt) / 1000;
  return { readySeconds, residentMegabytes: resident, firstTraceSeconds, stopSeconds };
}

/** A first start that makes the data and warms the caches, then `count` starts on it. */
export async function runHouses(count: number): Promise<readonly HouseRun[]> {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-bench-house-'));
  try {
    await runHouse(directory);
    const runs: HouseRun[] = [];
    for (let index = 0; index < count; index++) runs.push(await runHouse(directory));
    return runs;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
