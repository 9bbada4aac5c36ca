import type { components } from '@ibex/api/proxy';
import type { FastifyRequest } from 'fastify';
import { invalidRequest } from '../api-error.ts';
import type { CallInFlight, InFlight } from '../calls/calls-in-flight.ts';
import { quote } from '../json.ts';
import { scopeOf } from './access.ts';

type RequestList = components['schemas']['RequestList'];

const defaultLimit = 100;
const maximumLimit = 1_000;

function readLimit(query: unknown): number {
  const { limit } = query as { readonly limit?: string };
  if (limit === undefined) return defaultLimit;
  const count = /^\d{1,6}$/.test(limit) ? Number(limit) : 0;
  if (count >= 1 && count <= maximumLimit) return count;
  throw invalidRequest(
    `limit must be a whole number from 1 to ${maximumLimit}: it is ${quote(String(limit))}.`,
    { param: 'limit' },
  );
}

function shown(call: CallInFlight) {
  return {
    request_id: call.requestId,
    org_id: call.orgId ?? null,
    agent_id: call.agentId ?? null,
    dialect: call.dialect,
    stream: call.operation === 'generate_stream',
    model: call.model,
    provider: call.provider ?? null,
    upstream_model: call.upstreamModel ?? null,
    age_ms: Math.round(call.ageMs),
    first_token_ms: call.firstTokenMs === undefined ? null : Math.round(call.firstTokenMs),
    chunks: call.chunks,
    input_tokens: call.inputTokens ?? null,
    output_tokens: call.outputTokens ?? null,
    attempts: call.attempts,
    client: call.client,
  };
}

/** `GET /admin/requests`: the calls of models under way, the oldest first. */
export function listRequests(calls: InFlight): (request: FastifyRequest) => Promise<RequestList> {
  return async (request) => {
    const limit = readLimit(request.query);
    const found = calls.list(limit + 1, scopeOf(request));
    return { data: found.slice(0, limit).map(shown), truncated: found.length > limit };
  };
}
