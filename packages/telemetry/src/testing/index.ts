export { MemoryDestination, MemoryExporter } from './memory.ts';
export { startTestTelemetry } from './start-test-telemetry.ts';
