export { type TracedDispatcherOptions, tracedDispatcher } from './dispatcher.ts';
export { clientClosedRequest, type RequestEnd } from './end.ts';
export { type HttpTelemetryOptions, httpTelemetry } from './fastify.ts';
export { type HttpRequestRecord, httpRecordOf } from './record.ts';
