import { ConfigError, notShown } from './config-error.ts';
import { type Environment, read, readInteger, readSecret } from './variables.ts';

/** The parts of a DSN, `<protocol>://<publicKey>@<host>[:<port>][/<path>]/<projectId>`. */
export interface SentryDsn {
  readonly protocol: 'http' | 'https';
  readonly publicKey: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
  readonly projectId: string;
}

export interface SentrySettings {
  readonly dsn: SentryDsn;
  readonly environment: string;
  readonly release: string;
  /** Further errors within a minute are counted and dropped. */
  readonly eventsPerMinute: number;
}

const defaultEventsPerMinute = 60;
const eventBounds = { minimum: 1, maximum: 10_000, unit: 'events' };

/**
 * Where error events go; undefined without `SENTRY_DSN`. The DSN lets its holder write into a project: it is not part of
 * the telemetry's settings, which may be shown.
 * @throws {ConfigError} naming the variable, never the DSN.
 */
export function readSentry(
  environment: Environment,
  resource: Readonly<Record<string, string>>,
): SentrySettings | undefined {
  const dsn = readSecret(environment, 'SENTRY_DSN');
  if (dsn === undefined) return undefined;
  return {
    dsn: parseDsn(dsn),
    environment: read(environment, 'SENTRY_ENVIRONMENT') ?? resource['deployment.environment'] ?? '',
    release:
      read(environment, 'SENTRY_RELEASE') ?? `${resource['service.name']}@${resource['service.version']}`,
    eventsPerMinute:
      readInteger(environment, 'IBEX_SENTRY_EVENTS_PER_MINUTE', eventBounds) ?? defaultEventsPerMinute,
  };
}

function parseDsn(text: string): SentryDsn {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const protocol = url?.protocol === 'https:' ? 'https' : url?.protocol === 'http:' ? 'http' : undefined;
  const segments = url?.pathname.split('/').slice(1) ?? [];
  const projectId = segments.pop() ?? '';
  if (
    url === undefined ||
    protocol === undefined ||
    !/^\w+$/.test(url.username) ||
    !/^\d+$/.test(projectId)
  ) {
    throw new ConfigError('SENTRY_DSN', 'https://<public key>@<host>/<project number>', notShown);
  }
  const { username: publicKey, hostname: host, port } = url;
  return { protocol, publicKey, host, port, path: segments.join('/'), projectId };
}
