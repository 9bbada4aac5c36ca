import { type Environment, read } from './variables.ts';

export type OtlpVariable =
  | 'CERTIFICATE'
  | 'CLIENT_CERTIFICATE'
  | 'CLIENT_KEY'
  | 'COMPRESSION'
  | 'HEADERS'
  | 'INSECURE'
  | 'PROTOCOL'
  | 'TIMEOUT';

/**
 * Which of the two variables of the OTLP exporter decides: `OTEL_EXPORTER_OTLP_TRACES_<NAME>` where it has a value, else
 * `OTEL_EXPORTER_OTLP_<NAME>` (OpenTelemetry's rule).
 */
export function otlpVariable(environment: Environment, name: OtlpVariable): string {
  const forTraces = `OTEL_EXPORTER_OTLP_TRACES_${name}`;
  return read(environment, forTraces) === undefined ? `OTEL_EXPORTER_OTLP_${name}` : forTraces;
}
