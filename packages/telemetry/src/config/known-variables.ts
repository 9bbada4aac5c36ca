const otlpNames = [
  'ENDPOINT',
  'PROTOCOL',
  'HEADERS',
  'INSECURE',
  'COMPRESSION',
  'TIMEOUT',
  'CERTIFICATE',
  'CLIENT_CERTIFICATE',
  'CLIENT_KEY',
] as const;

/** Every variable the toolkit reads, for those who look for misspelt ones. A test holds the list against the sources. */
export const telemetryVariables: readonly string[] = [
  ...otlpNames.flatMap((name) => [`OTEL_EXPORTER_OTLP_${name}`, `OTEL_EXPORTER_OTLP_TRACES_${name}`]),
  'OTEL_SERVICE_NAME',
  'OTEL_DEPLOYMENT_ENVIRONMENT',
  'OTEL_SAMPLE_RATIO',
  'OTEL_BSP_MAX_QUEUE_SIZE',
  'IBEX_SERVICE_NAME',
  'IBEX_ENV',
  'IBEX_DEFAULT_SAMPLE_RATIO',
  'IBEX_EXPORT_QUEUE_BYTES',
  'IBEX_FLIGHT_RECORDER_BYTES',
  'IBEX_KEEP_BUS_URL',
  'IBEX_KEEP_BUS_TOKEN',
  'IBEX_KEEP_BUS_TOKEN_FILE',
  'IBEX_LOG_LEVEL',
  'IBEX_LOG_FORMAT',
  'NATS_URL',
  'NATS_URL_FILE',
];
