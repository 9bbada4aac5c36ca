import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Admission } from '../session/admission.ts';
import { requireAdmin } from '../session/admission.ts';
import { notBuiltPage } from './not-built-page.ts';

/** Where the web app is built to. */
export const webDirectory = fileURLToPath(new URL('../../../web/dist/', import.meta.url));

/** The pages of the web app: all are its one document, which finds its way by the address. */
const pages = [
  /^\/(login)?$/,
  /^\/admin\/ops$/,
  /^\/traces(\/[^/]+)?$/,
  /^\/logs$/,
  /^\/explore\/[^/]+$/,
] as const;
const fileName = /\.[A-Za-z0-9]+$/;

export interface StaticFilesOptions {
  /** The built web app. */
  readonly directory: string;
  readonly admission: Admission;
}

/** Serves the built web app: hashed assets to be kept for ever, the document to be asked for each time. */
export async function addStaticFiles(app: FastifyInstance, options: StaticFilesOptions): Promise<void> {
  await app.register(fastifyStatic, { serve: false, cacheControl: false, dotfiles: 'ignore', index: false });
  const { directory } = options;

  app.get('/assets/*', async (request: FastifyRequest<{ Params: { '*': string } }>, reply) => {
    reply.header('cache-control', 'public, max-age=31536000, immutable');
    return sendFile(reply, { directory, path: `assets/${request.params['*']}` });
  });

  app.get('/admin/ops', async (request, reply) => {
    // A person sees the app, which asks them to log in; a program is told.
    if (!wantsPage(request)) requireAdmin(await options.admission.requireSession({ request, reply }));
    return sendDocument(reply, directory);
  });

  app.get('/*', async (request: FastifyRequest<{ Params: { '*': string } }>, reply) => {
    const path = `/${request.params['*']}`;
    if (pages.some((page) => page.test(path))) return sendDocument(reply, directory);
    if (isData(path)) return missing(reply);
    if (fileName.test(path)) {
      reply.header('cache-control', 'no-cache');
      return sendFile(reply, { directory, path: path.slice(1) });
    }
    return wantsPage(request) ? sendDocument(reply.code(404), directory) : missing(reply);
  });
}

function isData(path: string): boolean {
  return path === '/api' || path.startsWith('/api/') || path.startsWith('/admin/');
}

function wantsPage(request: FastifyRequest): boolean {
  return request.headers.accept?.includes('text/html') === true;
}

function missing(reply: FastifyReply): FastifyReply {
  reply.callNotFound();
  return reply;
}

function sendFile(reply: FastifyReply, file: { directory: string; path: string }): FastifyReply {
  // The library answers 403 to a path that leaves its directory or is spelled oddly; to a stranger it is not there.
  if (file.path.split(/[/\\]/).some((segment) => ['', '.', '..'].includes(segment))) return missing(reply);
  return reply.sendFile(file.path, file.directory);
}

function sendDocument(reply: FastifyReply, directory: string): FastifyReply {
  reply.header('cache-control', 'no-cache');
  if (existsSync(join(directory, 'index.html'))) return reply.sendFile('index.html', directory);
  return reply
    .code(503)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(notBuiltPage);
}
