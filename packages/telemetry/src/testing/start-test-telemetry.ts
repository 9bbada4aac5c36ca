import { ibexContract } from '@ibex/contract';
import { startTelemetry, type TelemetryOptions } from '../start.ts';
import type { ServiceName, Telemetry } from '../telemetry.ts';
import { MemoryDestination, MemoryExporter } from './memory.ts';

export interface TestTelemetry {
  readonly telemetry: Telemetry;
  /** Filled once `telemetry.stop()` or the queue's interval has delivered. */
  readonly exporter: MemoryExporter;
  readonly destination: MemoryDestination;
}

export type TestTelemetryOptions = Partial<
  Omit<TelemetryOptions, 'contract' | 'service' | 'exporter' | 'destination'>
>;

/** Telemetry that samples everything and keeps spans and log lines in memory. */
export function startTestTelemetry(service: ServiceName, options: TestTelemetryOptions = {}): TestTelemetry {
  const exporter = new MemoryExporter();
  const destination = new MemoryDestination();
  const telemetry = startTelemetry({
    contract: ibexContract,
    service,
    version: 'test',
    // Whoever calls a service in a test is the test.
    environment: { OTEL_SAMPLE_RATIO: '1', IBEX_LOG_LEVEL: 'DEBUG', IBEX_TRUST_INBOUND: 'accept' },
    // A process has one behind the API; tests start many.
    openTelemetry: false,
    ...options,
    exporter,
    destination,
  });
  return { telemetry, exporter, destination };
}
