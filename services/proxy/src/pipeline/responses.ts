import type { FastifyReply, FastifyRequest } from 'fastify';
import { continueConversation } from '../conversations/continue.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { KeepingProvider } from '../conversations/keeping-provider.ts';
import type { ModelRequest } from '../dialects/model-request.ts';
import { responsesFace } from '../dialects/responses/face.ts';
import { readResponsesRequest } from '../dialects/responses/request.ts';
import { callerOf } from './authenticate.ts';
import { type EndpointParts, readJson } from './endpoint.ts';

export interface ResponsesParts extends EndpointParts {
  readonly conversations: Conversations;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** `POST /v1/responses`: goes on from an earlier response where one is named, and keeps the new one unless told not to. */
export function createResponse({ conversations, bodyLimits, serve }: ResponsesParts): Handler {
  return async (request, reply) => {
    const { body, bytes } = await readJson(request, bodyLimits);
    const { orgId } = callerOf(request);
    const asked = await conversations.resolve(readResponsesRequest(body, bytes), orgId);
    const whole = continueConversation(asked, await previousTurn(asked, { conversations, orgId }));
    const exchange = { request, reply, face: responsesFace };
    if (asked.body.store === false) return serve(whole, exchange);
    return serve(whole, {
      ...exchange,
      wrap: (provider) =>
        new KeepingProvider(provider, (_request, response) => conversations.keep(whole, { orgId, response })),
    });
  };
}

async function previousTurn(
  { body }: ModelRequest,
  { conversations, orgId }: { conversations: Conversations; orgId: string },
) {
  const { previous_response_id: responseId } = body;
  return typeof responseId === 'string' ? conversations.findPrevious({ orgId, responseId }) : undefined;
}

function keyOf(request: FastifyRequest) {
  const { responseId } = request.params as { responseId: string };
  return { orgId: callerOf(request).orgId, responseId };
}

/** `GET /v1/responses/:responseId` */
export function readResponse({ conversations }: ResponsesParts): Handler {
  return async (request) => (await conversations.find(keyOf(request))).response;
}

/** `DELETE /v1/responses/:responseId` */
export function deleteResponse({ conversations }: ResponsesParts): Handler {
  return async (request) => {
    const key = keyOf(request);
    await conversations.delete(key);
    return { id: key.responseId, object: 'response', deleted: true };
  };
}
