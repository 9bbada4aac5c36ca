export { ConfigError } from './config-error.ts';
export { telemetryVariables } from './known-variables.ts';
export {
  type ExporterSettings,
  type OtlpSettings,
  readTelemetrySettings,
  type TelemetrySettings,
} from './settings.ts';
