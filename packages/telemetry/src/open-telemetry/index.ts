export { registerOpenTelemetry } from './register.ts';
