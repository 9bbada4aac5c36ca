import { afterEach, beforeEach } from 'node:test';
import { startTestTelemetry, type TestTelemetry } from '../../testing/start-test-telemetry.ts';
import type { FinishedSpan } from '../../traces/span.ts';
import { registerOpenTelemetry } from '../register.ts';

/** Telemetry of the proxy that is behind the API while a test runs. */
export interface Registered {
  started: TestTelemetry;
  unregister: () => void;
  /** Everything recorded so far, by name. */
  finished(): Promise<Record<string, FinishedSpan>>;
}

/** One for each test of the file. */
export function registeredForEach(): Registered {
  const registered: Registered = {
    started: startTestTelemetry('proxy'),
    unregister: () => {},
    finished: async () => {
      await registered.started.telemetry.stop();
      return Object.fromEntries(registered.started.exporter.spans.map((span) => [span.name, span]));
    },
  };
  beforeEach(async () => {
    await registered.started.telemetry.stop();
    registered.started = startTestTelemetry('proxy');
    registered.unregister = registerOpenTelemetry(registered.started.telemetry);
  });
  afterEach(async () => {
    registered.unregister();
    await registered.started.telemetry.stop();
  });
  return registered;
}
