export type { ReadableResource, ReadableSpan } from './readable-span.ts';
export { registerOpenTelemetry } from './register.ts';
export type { StartedSpan } from './started-span.ts';
export type { UserSpanExporter, UserSpanProcessor } from './user-exporters.ts';
