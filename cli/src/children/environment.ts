import { join } from 'node:path';
import type { Secrets } from '../secrets/secrets.ts';
import type { UpSettings } from '../settings/up-settings.ts';
import { inheritedEnvironment } from './inherited-environment.ts';
import { type ServiceName, serviceNames, serviceUrls, stopTimeoutsMs } from './services.ts';

export interface EnvironmentSources {
  readonly settings: UpSettings;
  readonly secrets: Secrets;
  /** The environment `ibex up` itself was given. */
  readonly inherited: NodeJS.ProcessEnv;
  /** Where Node keeps compiled code between starts. */
  readonly compileCacheDirectory: string;
}

/** Where the auth service leaves the first keys, and the console finds what it may show. */
export function credentialsFile(settings: UpSettings): string {
  return join(settings.dataDirectory, 'credentials.json');
}

/**
 * For glibc's malloc, unless the user has set them: one arena, and freed memory given back at once. Tried after 300
 * requests with an open console: the five processes take 580 MB instead of 615. The compiler's working memory comes in
 * pieces of 32 KiB; with a threshold above that, as with 128 KiB, it stays in the heap's holes: 14 MB in all.
 */
const allocatorVariables = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '32768',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

/** Unless the user has set it: nothing else serves the proxy's port when the house stops, so nobody is to move on there. */
const drainVariables = { IBEX_PROXY_DRAIN_DELAY_MS: '0' };

/** The environment of one service: what it may inherit, and over it what `ibex up` decides. */
export function environmentOf(service: ServiceName, sources: EnvironmentSources): NodeJS.ProcessEnv {
  return {
    ...allocatorVariables,
    ...(service === 'proxy' && drainVariables),
    ...inheritedEnvironment(service, sources.inherited),
    ...sharedVariables(sources),
    ...ownVariables(service, sources),
    IBEX_STOP_TIMEOUT_MS: String(stopTimeoutsMs[service]),
  };
}

function sharedVariables({ settings, compileCacheDirectory }: EnvironmentSources): NodeJS.ProcessEnv {
  const { ports } = settings;
  return {
    IBEX_HOST: '127.0.0.1',
    IBEX_DATA_DIR: settings.dataDirectory,
    IBEX_PROXY_PORT: String(ports.proxy),
    IBEX_AUTH_HTTP_PORT: String(ports.authHttp),
    IBEX_AUTH_GRPC_PORT: String(ports.authGrpc),
    IBEX_COLLECTOR_OTLP_GRPC_PORT: String(ports.collectorOtlpGrpc),
    IBEX_COLLECTOR_OTLP_HTTP_PORT: String(ports.collectorOtlpHttp),
    IBEX_COLLECTOR_QUERY_PORT: String(ports.collectorQuery),
    IBEX_CONSOLE_PORT: String(ports.console),
    OTEL_EXPORTER_OTLP_ENDPOINT: `127.0.0.1:${ports.collectorOtlpGrpc}`,
    IBEX_KEEP_BUS_URL: `http://127.0.0.1:${ports.collectorOtlpHttp}`,
    IBEX_DEFAULT_SAMPLE_RATIO: '1',
    // All on this machine: whoever calls is the one who started it.
    IBEX_DEFAULT_TRUST_INBOUND: 'accept',
    ...(settings.sampleRatio !== undefined && { OTEL_SAMPLE_RATIO: settings.sampleRatio }),
    OTEL_DEPLOYMENT_ENVIRONMENT: settings.deploymentEnvironment,
    IBEX_LOG_FORMAT: 'json',
    IBEX_STOP_ON_STDIN_END: 'true',
    NODE_COMPILE_CACHE: compileCacheDirectory,
    ...(settings.configFile !== undefined && { IBEX_CONFIG: settings.configFile }),
  };
}

function ownVariables(service: ServiceName, sources: EnvironmentSources): NodeJS.ProcessEnv {
  const { settings, secrets, inherited } = sources;
  const urls = serviceUrls(settings);
  const queryToken = secretVariable('IBEX_COLLECTOR_QUERY_TOKEN', secrets.queryTokenFile, inherited);
  switch (service) {
    case 'collector':
      return { ...queryToken, IBEX_COLLECTOR_SCRAPE_TARGETS: targets(serviceNames, urls, '/metrics') };
    case 'auth':
      return {
        ...secretVariable('IBEX_AUTH_TOKEN_HASH_KEY', secrets.tokenHashKeyFile, inherited),
        IBEX_CREDENTIALS_FILE: credentialsFile(settings),
      };
    case 'proxy':
      return { IBEX_AUTH_GRPC_ADDRESS: `127.0.0.1:${settings.ports.authGrpc}` };
    case 'console':
      return {
        ...queryToken,
        IBEX_CONSOLE_LOGIN_CODE_FILE: secrets.loginCodeFile,
        IBEX_CREDENTIALS_FILE: credentialsFile(settings),
        IBEX_COLLECTOR_QUERY_URL: urls.collector,
        IBEX_CONSOLE_SERVICES: targets(['proxy', 'auth', 'collector'], urls, ''),
        IBEX_AUTH_GRPC_ADDRESS: `127.0.0.1:${settings.ports.authGrpc}`,
      };
  }
}

/** `name=url,name=url`, as the collector and the console read their lists. */
function targets(
  names: readonly ServiceName[],
  urls: Readonly<Record<ServiceName, string>>,
  path: string,
): string {
  return names.map((name) => `${name}=${urls[name]}${path}`).join(',');
}

/** Points at our file, unless the user gave the secret or a file of their own. */
function secretVariable(variable: string, file: string, inherited: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isGiven = inherited[variable] !== undefined || inherited[`${variable}_FILE`] !== undefined;
  return isGiven ? {} : { [`${variable}_FILE`]: file };
}
