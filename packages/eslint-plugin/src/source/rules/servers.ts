import type { Call } from '../facts.ts';
import type { SourceModule } from '../module.ts';
import { propertyOf } from '../node.ts';
import type { FileRule, RuleContext } from '../rule.ts';
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
  readonly context: RuleContext;
}

/** Every HTTP server has telemetry first, every gRPC server its interceptor. */
export const servers: FileRule = (module, context) => {
  const http = calleesOf(module, (from) => httpServers[from.replace(/^node:/, '')] ?? []);
  const grpc = calleesOf(module, (from) => (from === '@grpc/grpc-js' ? ['Server'] : []));
  if (http.size + grpc.size === 0 && !globalServers.some((name) => module.text.includes(name))) return;
  const site = { module, wrappers: wrappedNames(module, context.names), context };
  for (const call of module.facts.calls) {
    if (http.has(call.callee) || globalServers.includes(call.callee)) checkHttp(call, site);
    if (grpc.has(call.callee)) checkGrpc(call, site);
  }
};

function checkHttp(call: Call, { module, wrappers, context }: Site): void {
  if (mentions(call.arguments, wrappers)) return;
  const first = firstUse(call, module);
  if (first !== undefined && mentions(first.arguments, wrappers)) return;
  const found =
    first === undefined
      ? 'nothing is registered on it here'
      : `line ${module.lineOf(first.start)} comes first`;
  const message = `an HTTP server is made by createHttpServer, or registers httpTelemetry before anything else: ${found}.`;
  context.report('http-server-wrapped', call.start, message);
}

function firstUse({ result, end }: Call, { facts }: SourceModule): Call | undefined {
  if (result === undefined) return undefined;
  return facts.calls.find(({ callee, start }) => {
    const method = callee.startsWith(`${result}.`) ? callee.slice(result.length + 1) : '';
    return start >= end && configuring.test(method);
  });
}

function checkGrpc(call: Call, { wrappers, context }: Site): void {
  const hasInterceptors = propertyOf(call.arguments[0], 'interceptors') !== undefined;
  if (hasInterceptors && wrappers.size > 0) return;
  const message = 'a gRPC server has serverInterceptor(telemetry) among its interceptors.';
  context.report('grpc-server-intercepted', call.start, message);
}
