import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import type { Telemetry } from '../../telemetry.ts';
import { expressErrors, expressTelemetry } from '../express.ts';
import { httpTelemetry } from '../fastify.ts';
import { honoTelemetry } from '../hono.ts';
import { observeHttp } from '../node-http.ts';
import { type Answer, routes, tooEarly } from './routes.ts';

/** Builds a server of one framework with the routes that the shared suite asks for. */
export type AdapterUnderTest = (telemetry: Telemetry) => Promise<Server>;

const late = new Error('thrown after the answer');

async function fastifyServer(telemetry: Telemetry): Promise<Server> {
  const app = fastify();
  app.register(httpTelemetry, { telemetry });
  app.register(async (inner) => {
    inner.addHook('preHandler', async (request) => {
      if (request.headers['x-fail'] === 'before') throw tooEarly;
    });
    for (const [template, answer] of Object.entries(routes)) {
      inner.all(template, async (request, reply) => {
        const result = await answer(request.params as Record<string, string>);
        if (result instanceof ReadableStream) return reply.send(result);
        reply.code(result.status).send(result.text);
        if (result.thenThrows === true) throw late;
        return reply;
      });
    }
  });
  await app.ready();
  return app.server;
}

async function expressServer(telemetry: Telemetry): Promise<Server> {
  const app = express().set('env', 'test');
  app.use(expressTelemetry(telemetry));
  app.use((request, _response, next) => next(request.headers['x-fail'] === 'before' ? tooEarly : undefined));
  const nested = express.Router({ mergeParams: true });
  for (const [template, answer] of Object.entries(routes)) {
    const isNested = template.startsWith('/orgs/:orgId');
    const target = isNested ? nested : app;
    target.all(template.replace(isNested ? '/orgs/:orgId' : '', ''), async (request, response) => {
      const result = await answer(request.params as Record<string, string>);
      if (result instanceof ReadableStream) {
        await writeAll(response, result);
        return void response.end();
      }
      response.status(result.status).send(result.text);
      if (result.thenThrows === true) throw late;
    });
  }
  app.use('/orgs/:orgId', nested);
  app.use(expressErrors());
  return createServer(app as RequestListener);
}

async function honoServer(telemetry: Telemetry): Promise<Server> {
  const app = new Hono();
  app.use(honoTelemetry(telemetry));
  app.use(async (c, next) => {
    if (c.req.header('x-fail') === 'before') throw tooEarly;
    await next();
    if (c.req.path === '/throws-after') throw late;
  });
  app.onError((_error, c) => c.text('failed', 500));
  for (const [template, answer] of Object.entries(routes)) {
    app.all(template, async (c) => {
      const result = await answer(c.req.param() as Record<string, string>);
      if (result instanceof ReadableStream) return c.body(result);
      return new Response(result.status === 204 ? null : result.text, { status: result.status });
    });
  }
  return createServer(getRequestListener(app.fetch));
}

async function nodeServer(telemetry: Telemetry): Promise<Server> {
  const listener: RequestListener = async (request, response) => {
    if (request.headers['x-fail'] === 'before') throw tooEarly;
    const { answer, params } = find(request.url);
    if (answer === undefined) return void response.writeHead(404).end();
    const result = await answer(params);
    if (result instanceof ReadableStream) {
      await writeAll(response, result);
      return void response.end();
    }
    response.writeHead(result.status).end(result.text);
    if (result.thenThrows === true) throw late;
  };
  return createServer(observeHttp(telemetry, listener, { route: (request) => find(request.url).template }));
}

async function writeAll(response: ServerResponse, stream: ReadableStream<Uint8Array>): Promise<void> {
  for await (const chunk of stream) {
    if (response.destroyed) break;
    response.write(chunk);
  }
}

/** The smallest router: `node:http` has none. */
function find(url = ''): { template?: string; answer?: Answer; params: Record<string, string> } {
  const path = url.split('?')[0]?.split('/') ?? [];
  for (const [template, answer] of Object.entries(routes)) {
    const parts = template.split('/');
    const matches = parts.every((part, index) => part.startsWith(':') || part === path[index]);
    if (!matches || parts.length !== path.length) continue;
    const pairs = parts.flatMap((part, index) =>
      part.startsWith(':') ? [[part.slice(1), decodeURIComponent(path[index] ?? '')]] : [],
    );
    return { template, answer, params: Object.fromEntries(pairs) };
  }
  return { params: {} };
}

export const adapters: Readonly<Record<string, AdapterUnderTest>> = {
  Fastify: fastifyServer,
  Express: expressServer,
  Hono: honoServer,
  'node:http': nodeServer,
};
