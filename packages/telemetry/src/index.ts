export { ConfigError } from './config/config-error.ts';
export type { ObservabilityConfig } from './config/observability.ts';
export type { TelemetrySettings } from './config/settings.ts';
export { type StopAtExitOptions, stopAtExit } from './exit/stop-at-exit.ts';
export { startTelemetry, type TelemetryOptions } from './start.ts';
export type { ConfiguredValues, OwnContract, ServiceName, Telemetry, TelemetryOf } from './telemetry.ts';
