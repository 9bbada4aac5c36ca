export { type TracedDispatcherOptions, tracedDispatcher } from './dispatcher.ts';
export { clientClosedRequest, type RequestEnd } from './end.ts';
export { expressErrors, expressTelemetry } from './express.ts';
export { type HttpTelemetryOptions, httpTelemetry } from './fastify.ts';
export { honoTelemetry } from './hono.ts';
export { type NodeHttpOptions, observeHttp } from './node-http.ts';
export { createHttpObserver, type HttpObserver, type ListenerOptions } from './observer.ts';
export { type HttpRequestRecord, httpRecordOf } from './record.ts';
export { observeUpgrade, type UpgradeListener } from './upgrade.ts';
