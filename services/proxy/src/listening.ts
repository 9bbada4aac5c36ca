import { SettingsError } from '@ibex/service';

/** Where the gateway listens. */
export interface Listening {
  readonly host: string;
  /** For clients. */
  readonly port: number;
  /** Whether other processes may listen on the same port. */
  readonly reusePort: boolean;
  /** For `/metrics`, `/healthz` and `/readyz`; undefined when they are at `port`. */
  readonly metricsPort: number | undefined;
}

/**
 * Where to listen, by the settings.
 *
 * @throws {SettingsError} when processes would share a port and a scrape would meet any of them, or when no port is named
 * that they could share.
 */
export function readListening(settings: {
  readonly IBEX_HOST: string;
  readonly IBEX_PROXY_PORT: number;
  readonly IBEX_PROXY_REUSE_PORT: boolean;
  readonly IBEX_PROXY_METRICS_PORT?: number | undefined;
}): Listening {
  const { IBEX_HOST: host, IBEX_PROXY_PORT: port, IBEX_PROXY_METRICS_PORT: metricsPort } = settings;
  const reusePort = settings.IBEX_PROXY_REUSE_PORT;
  if (reusePort && metricsPort === undefined) {
    throw new SettingsError(
      'IBEX_PROXY_METRICS_PORT',
      'IBEX_PROXY_METRICS_PORT must be set when IBEX_PROXY_REUSE_PORT is true: it is missing, and a scrape of the shared port would meet any of the processes. Give each process a port of its own there.',
    );
  }
  if (reusePort && port === 0) {
    throw new SettingsError(
      'IBEX_PROXY_PORT',
      'IBEX_PROXY_PORT must be a port between 1 and 65535 when IBEX_PROXY_REUSE_PORT is true: it is 0, which gives each process another one. Name the port that they share.',
    );
  }
  if (metricsPort === port && port !== 0) {
    throw new SettingsError(
      'IBEX_PROXY_METRICS_PORT',
      `IBEX_PROXY_METRICS_PORT must be another port than IBEX_PROXY_PORT: both are ${port}. Leave it out to have /metrics at IBEX_PROXY_PORT.`,
    );
  }
  return { host, port, reusePort, metricsPort };
}
