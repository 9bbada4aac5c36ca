export { tracedDispatcher } from './dispatcher.ts';
export { clientClosedRequest, type RequestEnd } from './end.ts';
export { type HttpRequestRecord, type HttpTelemetryOptions, httpTelemetry } from './fastify.ts';
