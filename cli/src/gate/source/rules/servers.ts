import type { Call } from '../calls.ts';
import { placeAt, type SourceContext } from '../context.ts';
import type { SourceModule } from '../read-module.ts';
import { calleesOf, mentions, wrappedNames } from './wrappers.ts';

/** What makes an HTTP server, by the module it is imported from. */
const httpServers: Readonly<Record<string, readonly string[]>> = {
  fastify: ['default', 'fastify'],
  express: ['default'],
  koa: ['default'],
  hono: ['Hono'],
  restify: ['createServer'],
  '@hapi/hapi': ['server', 'Server'],
  http: ['createServer', 'Server'],
  https: ['createServer', 'Server'],
  http2: ['createServer', 'createSecureServer'],
};
const globalServers: readonly string[] = ['Bun.serve', 'Deno.serve'];
/** Calls on a server that decide what a request meets, in the order they are made. */
const configuring = /^(register|use|addHook|route|all|get|head|post|put|patch|delete|options|ext|pre)$/;

interface Site {
  readonly module: SourceModule;
  readonly wrappers: ReadonlySet<string>;
  readonly context: SourceContext;
}

/** Every HTTP server has telemetry first, every gRPC server its interceptor. */
export function servers(module: SourceModule, context: SourceContext): void {
  const http = calleesOf(module, (from) => httpServers[from.replace(/^node:/, '')] ?? []);
  const grpc = calleesOf(module, (from) => (from === '@grpc/grpc-js' ? ['Server'] : []));
  if (http.size + grpc.size === 0 && !globalServers.some((name) => module.text.includes(name))) return;
  const site = { module, wrappers: wrappedNames(module, context), context };
  for (const call of module.facts.calls) {
    if (http.has(call.callee) || globalServers.includes(call.callee)) checkHttp(call, site);
    if (grpc.has(call.callee)) checkGrpc(call, site);
  }
}

function checkHttp(call: Call, { module, wrappers, context }: Site): void {
  if (mentions(call.arguments, wrappers)) return;
  const first = firstUse(call, module);
  if (first !== undefined && mentions(first.arguments, wrappers)) return;
  const found =
    first === undefined
      ? 'nothing is registered on it here'
      : `line ${module.lineOf(first.start)} comes first`;
  const message = `an HTTP server is made by createHttpServer, or registers httpTelemetry before anything else: ${found}.`;
  context.report('http-server-wrapped', placeAt(module, call.start), message);
}

function firstUse({ result, end }: Call, { facts }: SourceModule): Call | undefined {
  if (result === undefined) return undefined;
  return facts.calls.find(({ callee, start }) => {
    const method = callee.startsWith(`${result}.`) ? callee.slice(result.length + 1) : '';
    return start >= end && configuring.test(method);
  });
}

function checkGrpc(call: Call, { module, wrappers, context }: Site): void {
  const [options] = call.arguments;
  const hasInterceptors =
    options?.type === 'ObjectExpression' &&
    options.properties.some(
      (property) =>
        property.type === 'Property' &&
        property.key.type === 'Identifier' &&
        property.key.name === 'interceptors',
    );
  if (hasInterceptors && wrappers.size > 0) return;
  const message = 'a gRPC server has serverInterceptor(telemetry) among its interceptors.';
  context.report('grpc-server-intercepted', placeAt(module, call.start), message);
}
