export { type DatabaseOperation, type SqlTelemetry, sqlTelemetry } from './sql-telemetry.ts';
