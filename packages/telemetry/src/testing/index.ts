export { assertMetric, type ExpectedMetric } from './assert-metric.ts';
export { assertSpan, type ExpectedSpan } from './assert-span.ts';
export { type CanariesOptions, createCanaries } from './canaries/canaries.ts';
export type { Canary } from './canaries/canary.ts';
export { plantCanary } from './canaries/plant.ts';
export { byCore, describeLeak, findCanaries, type Leak } from './canaries/search.ts';
export { MemoryDestination, MemoryExporter } from './memory.ts';
export { assertNoSecretLeaves, type NoSecretLeavesOptions, type Sink } from './no-secret-leaves.ts';
export { startTestTelemetry, type TestTelemetry } from './start-test-telemetry.ts';
