import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ServiceName, serviceScripts } from '../../children/services.ts';
import { freePorts } from './free-ports.ts';
import { type FleetPlan, writeConfig } from './plan.ts';
import { startUpstream, type Upstream } from './upstream.ts';

export interface ServicesPlanOptions {
  /** Everything the services write; removed at the end of the run. */
  readonly directory: string;
  /** The root of the workspace. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
}

const portVariables = [
  'IBEX_PROXY_PORT',
  'IBEX_AUTH_HTTP_PORT',
  'IBEX_AUTH_GRPC_PORT',
  'IBEX_COLLECTOR_OTLP_GRPC_PORT',
  'IBEX_COLLECTOR_OTLP_HTTP_PORT',
  'IBEX_COLLECTOR_QUERY_PORT',
  'IBEX_CONSOLE_PORT',
] as const;
type Ports = Readonly<Record<(typeof portVariables)[number], number>>;
type Urls = Readonly<Record<ServiceName, string>>;

const dependencies: Readonly<Record<ServiceName, readonly ServiceName[]>> = {
  auth: [],
  collector: [],
  proxy: ['auth'],
  console: ['auth', 'collector'],
};
/** Variables of the caller that a service needs to run at all; none that would point it at something real. */
const inherited = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot', 'NODE_COMPILE_CACHE'] as const;

/** What has to run for these services: themselves and, before them, what they depend on. */
export function withDependencies(services: readonly ServiceName[]): ServiceName[] {
  return [...new Set(services.flatMap((service) => [...dependencies[service], service]))];
}

/** Plans services of ours, and what they depend on, with free ports and fresh secrets. */
export async function planServices(
  asked: readonly ServiceName[],
  { directory, root, environment }: ServicesPlanOptions,
): Promise<FleetPlan> {
  const numbers = await freePorts(portVariables.length);
  const ports = Object.fromEntries(portVariables.map((name, index) => [name, numbers[index]])) as Ports;
  const urls = urlsOf(ports);
  const upstream = await startUpstream();
  const queryToken = randomBytes(24).toString('base64url');
  const credentialsFile = join(directory, 'credentials.json');
  const own = ownVariables({ urls, queryToken, credentialsFile });
  const shared: NodeJS.ProcessEnv = {
    ...Object.fromEntries(inherited.map((name) => [name, environment[name]])),
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
    IBEX_HOST: '127.0.0.1',
    IBEX_CONFIG: writeConfig(directory, { providers: [providerOf(upstream)] }),
    IBEX_DATA_DIR: directory,
    IBEX_STOP_ON_STDIN_END: 'true',
    IBEX_AUTH_GRPC_ADDRESS: `127.0.0.1:${ports.IBEX_AUTH_GRPC_PORT}`,
    OTEL_DEPLOYMENT_ENVIRONMENT: 'gate',
    IBEX_LOG_LEVEL: 'DEBUG',
  };
  return {
    members: withDependencies(asked).map((name) => ({
      name,
      url: urls[name],
      metricsUrl: urls[name],
      readyPath: '/readyz',
      args: ['--disable-warning=ExperimentalWarning', join(root, serviceScripts[name])],
      environment: { ...shared, ...own[name] },
    })),
    readValues: () =>
      new Map([
        ['query_token', queryToken],
        ['upstream_model', upstream.model],
        ...readCredentials(credentialsFile),
      ]),
    close: () => upstream.close(),
  };
}

function ownVariables(options: {
  urls: Urls;
  queryToken: string;
  credentialsFile: string;
}): Readonly<Record<ServiceName, NodeJS.ProcessEnv>> {
  const { urls, queryToken, credentialsFile } = options;
  return {
    auth: {
      IBEX_AUTH_TOKEN_HASH_KEY: randomBytes(32).toString('base64url'),
      IBEX_CREDENTIALS_FILE: credentialsFile,
    },
    proxy: {},
    collector: {
      IBEX_COLLECTOR_QUERY_TOKEN: queryToken,
      IBEX_COLLECTOR_SCRAPE_TARGETS: `collector=${urls.collector}/metrics`,
    },
    console: {
      IBEX_COLLECTOR_QUERY_URL: urls.collector,
      IBEX_COLLECTOR_QUERY_TOKEN: queryToken,
      IBEX_CONSOLE_SERVICES: `proxy=${urls.proxy},auth=${urls.auth},collector=${urls.collector}`,
    },
  };
}

function providerOf({ url, model }: Upstream) {
  return { name: 'gate', type: 'openai', base_url: url, models: [model] };
}

function urlsOf(ports: Ports): Urls {
  const url = (port: number) => `http://127.0.0.1:${port}`;
  return {
    proxy: url(ports.IBEX_PROXY_PORT),
    auth: url(ports.IBEX_AUTH_HTTP_PORT),
    collector: url(ports.IBEX_COLLECTOR_QUERY_PORT),
    console: url(ports.IBEX_CONSOLE_PORT),
  };
}

/** Auth writes the file; without auth there is none. */
function readCredentials(file: string): [string, string][] {
  try {
    const credentials = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    return Object.entries(credentials).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    );
  } catch {
    return [];
  }
}
