import type { FastifyInstance, onSendHookHandler } from 'fastify';
import { checkAccess } from '../admin/access.ts';
import { type AdminParts, adminApi, adminRoutes } from '../admin/admin-api.ts';
import type { Face } from '../dialects/face.ts';
import { responsesFace } from '../dialects/responses/face.ts';
import type { ModelSource } from '../routing/model-source.ts';
import { refuseMethod } from './answer-error.ts';
import { authenticate } from './authenticate.ts';
import { checkAgent } from './check-agent.ts';
import { checkEndpoint, scopeOf } from './check-scopes.ts';
import { answerEndpoint } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { type LimitAddressParts, limitAddress } from './limit-address.ts';
import { type LimitCallerParts, limitRequest, refuseSpent } from './limit-caller.ts';
import { describeModel, listModels } from './models.ts';
import { createResponse, deleteResponse, type ResponsesParts, readResponse } from './responses.ts';
import { inOrder, type Step, startTiming, timed } from './time-steps.ts';

export interface PipelineParts extends LimitAddressParts, LimitCallerParts, ResponsesParts, AdminParts {
  readonly models: ModelSource;
  readonly authority: Parameters<typeof authenticate>[0]['authority'];
}

/** The routes, and the methods they have. */
const routes: readonly { url: string; allowed: readonly [string, ...string[]] }[] = [
  ...endpoints.map(({ url }) => ({ url, allowed: ['POST'] as const })),
  { url: '/v1/responses', allowed: ['POST'] },
  { url: '/v1/responses/:responseId', allowed: ['GET', 'HEAD', 'DELETE'] },
  { url: '/v1/models', allowed: ['GET', 'HEAD'] },
  { url: '/v1/models/:model', allowed: ['GET', 'HEAD'] },
  ...adminRoutes,
];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Tells the request id where clients of the endpoint look for it, with answers and errors alike. */
function nameRequest({ requestIdHeader: header }: Face): onSendHookHandler[] {
  if (header === undefined) return [];
  const name: onSendHookHandler = (request, reply, payload, done) => {
    reply.header(header, request.ibex.requestId);
    done(null, payload);
  };
  return [name];
}

/** Who is calling, and from where: the first steps of every request. */
function recognise(parts: PipelineParts): readonly Step[] {
  return [
    startTiming,
    timed('limitMs', limitAddress(parts)),
    timed('authMs', authenticate(parts)),
    timed('authMs', checkAgent(parts)),
  ];
}

/** The steps of every request of an administrator. */
function adminSteps(app: FastifyInstance, parts: PipelineParts): void {
  const limit = timed('limitMs', limitRequest(parts));
  app.addHook('onRequest', inOrder([...recognise(parts), checkAccess, limit]));
  adminApi(app, parts);
}

/** The steps of every request of the API, in the order it meets them. */
function steps(app: FastifyInstance, parts: PipelineParts): void {
  const spent = timed('limitMs', refuseSpent(parts));
  app.addHook('onRequest', inOrder([...recognise(parts), checkEndpoint, spent]));
  const limit = inOrder([timed('limitMs', limitRequest(parts))]);
  for (const endpoint of endpoints) {
    const { url, face } = endpoint;
    const config = { face, scope: scopeOf(face.dialect) };
    app.post(url, { config, onSend: nameRequest(face) }, answerEndpoint(endpoint, parts));
  }
  const responses = { config: { face: responsesFace, scope: 'responses' } } as const;
  const models = { config: { scope: 'models' }, onRequest: limit } as const;
  app.post('/v1/responses', responses, createResponse(parts));
  app.get('/v1/responses/:responseId', { ...responses, onRequest: limit }, readResponse(parts));
  app.delete('/v1/responses/:responseId', { ...responses, onRequest: limit }, deleteResponse(parts));
  app.get('/v1/models', models, listModels(parts.models));
  app.get('/v1/models/:model', models, describeModel(parts.models));
}

/** Known routes with a method they do not have: a 405 that names the right one, and a route in the metrics. */
function refusals(app: FastifyInstance): void {
  for (const { url, allowed } of routes) {
    const refused = methods.filter((method) => !allowed.includes(method));
    const handler = refuseMethod(allowed[0]);
    app.route({ method: refused, url, onRequest: handler, handler });
  }
}

/** Bodies are read where they are needed, under limits of our own. */
function leaveBodiesUnread(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
}

/** Adds the public API to a server that has telemetry. */
export function registerPipeline(app: FastifyInstance, parts: PipelineParts): void {
  app.decorateRequest('caller', undefined);
  app.decorateRequest('agentId', undefined);
  app.decorateRequest('namedAgent', undefined);
  app.decorateRequest('timing');
  app.register(async (api) => {
    leaveBodiesUnread(api);
    steps(api, parts);
  });
  app.register(async (api) => {
    leaveBodiesUnread(api);
    adminSteps(api, parts);
  });
  app.register(async (api) => refusals(api));
}
