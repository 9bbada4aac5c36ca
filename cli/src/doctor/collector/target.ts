import type { OtlpSettings } from '@ibex/telemetry/config';
import type { DoctorContext } from '../context.ts';
import { splitAddress } from '../network/connect.ts';

/** The collector that is looked at. */
export interface CollectorTarget {
  readonly otlp: OtlpSettings;
  /** Who names it, as the operator wrote it. */
  readonly source: string;
  /** Base URL of the query API, where what was sent can be asked for; undefined for a collector of others. */
  readonly queryUrl: string | undefined;
  /** True for the one that `ibex up` starts. */
  readonly isOwn: boolean;
}

const loopback: readonly string[] = ['127.0.0.1', 'localhost', '::1'];

/** The collector of this shell's settings where they name one, else the one of `ibex up`. */
export function findTarget(context: DoctorContext): CollectorTarget {
  const { telemetry, up, environment } = context;
  const queryUrl = environment.IBEX_COLLECTOR_QUERY_URL?.trim().replace(/\/+$/, '') || undefined;
  const ownQueryUrl = queryUrl ?? `http://127.0.0.1:${up.ports.collectorQuery}`;
  if (telemetry?.exporter.type === 'otlp') {
    const otlp = telemetry.exporter;
    const isOwn = isOfUp(otlp.address, context);
    return { otlp, source: sourceOf(environment), queryUrl: isOwn ? ownQueryUrl : queryUrl, isOwn };
  }
  const address = `127.0.0.1:${up.ports.collectorOtlpGrpc}`;
  return { otlp: ownSettings(address), source: '`ibex up`', queryUrl: ownQueryUrl, isOwn: true };
}

function sourceOf(environment: NodeJS.ProcessEnv): string {
  const variables = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'];
  return (
    variables.find((name) => (environment[name]?.trim() ?? '') !== '') ??
    'observability.tracing.exporter.endpoint'
  );
}

function isOfUp(address: string, { up: { ports } }: DoctorContext): boolean {
  const { host, port } = splitAddress(address);
  return loopback.includes(host) && (port === ports.collectorOtlpGrpc || port === ports.collectorOtlpHttp);
}

function ownSettings(address: string): OtlpSettings {
  return {
    protocol: 'grpc',
    address,
    url: `http://${address}/v1/traces`,
    insecure: true,
    headers: {},
    compression: 'none',
    timeoutMs: 3_000,
    caFile: undefined,
    certificateFile: undefined,
    keyFile: undefined,
  };
}
