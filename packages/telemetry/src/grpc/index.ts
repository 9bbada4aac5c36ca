export { type ClientInterceptorOptions, clientInterceptor } from './client-interceptor.ts';
export { type RpcEnd, type ServerInterceptorOptions, serverInterceptor } from './server-interceptor.ts';
