import { UserError } from '../user-error.ts';

/** Every port `ibex up` listens on: who listens there, and the variable that moves it. */
export const portSettings = {
  proxy: { variable: 'IBEX_PROXY_PORT', fallback: 8080, listener: 'proxy' },
  authHttp: { variable: 'IBEX_AUTH_HTTP_PORT', fallback: 8081, listener: 'auth, HTTP' },
  authGrpc: { variable: 'IBEX_AUTH_GRPC_PORT', fallback: 50051, listener: 'auth, gRPC' },
  collectorOtlpGrpc: {
    variable: 'IBEX_COLLECTOR_OTLP_GRPC_PORT',
    fallback: 4317,
    listener: 'collector, OTLP over gRPC',
  },
  collectorOtlpHttp: {
    variable: 'IBEX_COLLECTOR_OTLP_HTTP_PORT',
    fallback: 4318,
    listener: 'collector, OTLP over HTTP',
  },
  collectorQuery: { variable: 'IBEX_COLLECTOR_QUERY_PORT', fallback: 8082, listener: 'collector, queries' },
  console: { variable: 'IBEX_CONSOLE_PORT', fallback: 8090, listener: 'console' },
} as const;

export type PortName = keyof typeof portSettings;
export type Ports = Readonly<Record<PortName, number>>;

/** The names in the order they are checked and shown. */
export const portNames = Object.keys(portSettings) as readonly PortName[];

/** Reads the seven ports; throws a {@link UserError} for a bad value and for two that are equal. */
export function readPorts(environment: NodeJS.ProcessEnv): Ports {
  const ports = Object.fromEntries(portNames.map((name) => [name, readPort(name, environment)])) as Record<
    PortName,
    number
  >;
  refuseEqualPorts(ports);
  return ports;
}

function readPort(name: PortName, environment: NodeJS.ProcessEnv): number {
  const { variable, fallback } = portSettings[name];
  const written = environment[variable]?.trim() ?? '';
  if (written === '') return fallback;
  const port = /^\d{1,5}$/.test(written) ? Number(written) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new UserError(
    `${variable} must be an integer between 1 and 65535: it is ${JSON.stringify(written.slice(0, 100))}. ` +
      `Set it or leave it out for ${fallback}.`,
  );
}

function refuseEqualPorts(ports: Ports): void {
  const nameByPort = new Map<number, PortName>();
  for (const name of portNames) {
    const other = nameByPort.get(ports[name]);
    if (other !== undefined) {
      throw new UserError(
        `${portSettings[other].variable} and ${portSettings[name].variable} are both ${ports[name]}, ` +
          'but each needs a port of its own. Set one of them to a free port.',
      );
    }
    nameByPort.set(ports[name], name);
  }
}
