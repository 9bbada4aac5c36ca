import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Canary, createCanaries } from '@ibex/telemetry/testing';
import { ConsoleClient } from '../support/console-client.ts';
import { type House, startHouse } from '../support/house.ts';
import { driveGrpc } from './drive-grpc.ts';
import { authEntries, driveHttp, gatewayEntries, operationsEntries } from './drive-http.ts';
import { dumpDuckDb, readFiles, readPages } from './sinks.ts';
import { type LeakyUpstream, startLeakyUpstream } from './upstream.ts';

const leakyService = join(import.meta.dirname, 'leaky-service.ts');
const setSize = 100_000;
const callsOfGrpc = 600;

/** Everything that left, and everything that was planted. */
export interface Scene {
  readonly canaries: readonly Canary[];
  /** How many requests were answered how, by way in. */
  readonly sent: Readonly<Record<string, number>>;
  readonly sinks: ReadonlyMap<string, string>;
  /** What the provider was sent: it is no sink, since prompts are meant for it. */
  readonly unprotected: string;
}

/** Starts the house, a leaky provider and a leaky service, drives all canaries through, and collects what came out. */
export async function playScene(): Promise<Scene> {
  const upstream = await startLeakyUpstream();
  const directory = mkdtempSync(join(tmpdir(), 'ibex-canaries-'));
  const config = join(directory, 'config.yaml');
  const [providerCanary, ...canaries] = Array.from({ length: 5 }, (_, set) =>
    createCanaries({ first: set * setSize }),
  );
  const apiKey = providerCanary?.find(({ source }) => source.endsWith(' model_key'))?.secret ?? '';
  writeFileSync(config, configOf(upstream, apiKey));
  const starting = startHouse({
    dataDirectory: join(directory, 'data'),
    environment: {
      IBEX_CONFIG: config,
      IBEX_LOG_LEVEL: 'DEBUG',
      OTEL_SAMPLE_RATIO: '1',
      IBEX_PROXY_REQUESTS_PER_MINUTE: '1000000',
      IBEX_AUTH_ADMIN_REQUESTS_PER_MINUTE: '1000000',
      IBEX_CONSOLE_LOGINS_PER_MINUTE: '10000',
    },
  });
  try {
    const house = await starting;
    const [, gateway = [], auth = [], operations = []] = canaries;
    const half = (set: readonly Canary[], rest: number) => set.filter((_, index) => index % 2 === rest);
    const sets = { gateway, auth: half(auth, 0), operations: half(operations, 1) };
    const { sent, sinks } = await drive(house, sets);
    await readHouse(house, sinks);
    await house.stop();
    sinks.set('stdout and stderr of the house', house.output());
    for (const [name, content] of readFiles(house.dataDirectory)) sinks.set(`file ${name}`, content);
    const store = join(house.dataDirectory, 'telemetry', 'telemetry.duckdb');
    for (const [name, rows] of await dumpDuckDb(store)) sinks.set(`table ${name}`, rows);
    const all = [...(providerCanary ?? []), ...canaries.flat()];
    return { canaries: all, sent, sinks, unprotected: upstream.received.join('\n') };
  } finally {
    await starting.then((house) => house.dispose()).catch(() => {});
    await upstream.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function configOf({ baseUrl }: LeakyUpstream, apiKey: string): string {
  const provider = { name: 'leaky', type: 'openai', base_url: baseUrl, api_key: apiKey, models: ['leaky'] };
  return JSON.stringify({ providers: [provider] });
}

interface Driven {
  readonly sent: Record<string, number>;
  readonly sinks: Map<string, string>;
}

async function drive(
  house: House,
  sets: Readonly<Record<'gateway' | 'auth' | 'operations', readonly Canary[]>>,
): Promise<Driven> {
  const { ports, credentials, apiUrl } = house;
  const local = (port: number) => `http://127.0.0.1:${port}`;
  const queryToken = readFileSync(join(house.dataDirectory, 'secrets', 'query-token'), 'utf8').trim();
  const [worker, ...answers] = await Promise.all([
    runLeakyService(house, { first: setSize }),
    driveHttp(sets.gateway, gatewayEntries({ apiUrl, apiKey: credentials.api_key })),
    driveHttp(
      sets.auth,
      authEntries({ authUrl: local(ports.IBEX_AUTH_HTTP_PORT), adminToken: credentials.admin_token }),
    ),
    driveHttp(
      sets.operations,
      operationsEntries({
        otlpUrl: local(ports.IBEX_COLLECTOR_OTLP_HTTP_PORT),
        queryUrl: local(ports.IBEX_COLLECTOR_QUERY_PORT),
        queryToken,
        consoleUrl: credentials.console_url,
      }),
    ),
  ]);
  const calls = sets.auth.filter((_, index) => index % Math.ceil(sets.auth.length / callsOfGrpc) === 0);
  const verdicts = await driveGrpc(`127.0.0.1:${ports.IBEX_AUTH_GRPC_PORT}`, calls);
  const sinks = new Map([
    ['stdout, stderr and metrics of the leaky service', worker],
    ['refusals of the gateway', answers[0]?.refusals.join('\n') ?? ''],
    ['refusals of auth', answers[1]?.refusals.join('\n') ?? ''],
    ['refusals of collector and console', answers[2]?.refusals.join('\n') ?? ''],
    ['answers of auth over gRPC', verdicts.join('\n')],
  ]);
  return {
    sent: Object.assign({ 'gRPC calls': verdicts.length }, ...answers.map(({ sent }) => sent)),
    sinks,
  };
}

async function runLeakyService({ ports }: House, { first }: { first: number }): Promise<string> {
  const child = spawn(process.execPath, [leakyService], {
    env: {
      PATH: process.env.PATH,
      FIRST_CANARY: String(first),
      OTEL_EXPORTER_OTLP_ENDPOINT: `127.0.0.1:${ports.IBEX_COLLECTOR_OTLP_GRPC_PORT}`,
      OTEL_SAMPLE_RATIO: '1',
      IBEX_LOG_LEVEL: 'DEBUG',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`The leaky service ended with ${code}: ${output.slice(-2_000)}`);
  return output;
}

/** What the running house answers to who may ask. */
async function readHouse(house: House, sinks: Map<string, string>): Promise<void> {
  const { ports, credentials } = house;
  const local = (port: number, path: string) => `http://127.0.0.1:${port}${path}`;
  const services = {
    proxy: ports.IBEX_PROXY_PORT,
    auth: ports.IBEX_AUTH_HTTP_PORT,
    collector: ports.IBEX_COLLECTOR_QUERY_PORT,
    console: ports.IBEX_CONSOLE_PORT,
  };
  for (const [service, port] of Object.entries(services)) {
    for (const accept of ['text/plain', 'application/openmetrics-text']) {
      const response = await fetch(local(port, '/metrics'), { headers: { accept } });
      sinks.set(`/metrics of ${service} as ${accept}`, await response.text());
    }
  }
  const token = readFileSync(join(house.dataDirectory, 'secrets', 'query-token'), 'utf8').trim();
  const asOperator = { headers: { authorization: `Bearer ${token}` }, pages: 100 };
  for (const path of ['spans?limit=1000', 'logs?limit=1000', 'services', 'metrics']) {
    const url = local(services.collector, `/api/v1/${path}`);
    sinks.set(`query API ${path}`, await readPages(url, asOperator));
  }
  const asAdmin = { headers: { authorization: `Bearer ${credentials.admin_token}` }, pages: 100 };
  for (const path of ['audit', 'tokens', 'agents']) {
    sinks.set(`auth API ${path}`, await readPages(local(services.auth, `/v1/${path}?limit=1000`), asAdmin));
  }
  const client = new ConsoleClient(credentials.console_url);
  await client.login(credentials.admin_token);
  for (const path of [
    '/admin/ops/overview',
    '/api/telemetry/spans?limit=200',
    '/api/telemetry/logs?limit=200',
  ]) {
    sinks.set(`console API ${path}`, JSON.stringify(await client.get(path)));
  }
}
