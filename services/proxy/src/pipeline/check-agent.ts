import type { AgentVerdict } from '@ibex/api/auth';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';
import type { Authority } from '../auth/authority.ts';
import { quote } from '../json.ts';
import { callerOf } from './authenticate.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The agent the request is made by: the one its token is bound to, or the one it names. */
    agentId: string | undefined;
    /** The agent the request names, where its token is not bound to one. */
    namedAgent: { readonly id: string; readonly verdict: AgentVerdict } | undefined;
  }
}

const agentIdPattern = /^[A-Za-z0-9._-]{1,128}$/;

function refused(code: string, message: string): ApiError {
  return new ApiError(403, { type: 'permission_error', code, message });
}

function checkBound(boundTo: string, named: string | undefined): void {
  if (named === undefined || named === boundTo) return;
  const message = `Your token acts as the agent ${quote(boundTo)} only: leave the X-Ibex-Agent-ID header out.`;
  throw refused('agent_not_allowed', message);
}

/** Third step: the agent that is calling. One that the request names must be of the caller's organisation. */
export function checkAgent(parts: {
  readonly authority: Authority;
}): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const header = request.headers['x-ibex-agent-id'];
    const named = header === undefined ? undefined : String(header);
    const { verdict: token, orgId } = callerOf(request);
    if (token.agentId !== '') {
      checkBound(token.agentId, named);
      request.agentId = token.agentId;
      return;
    }
    if (named === undefined) return;
    const verdict = agentIdPattern.test(named) ? await parts.authority.judgeAgent(named, orgId) : undefined;
    if (verdict?.status !== 'AGENT_STATUS_OK') {
      const message = `Your organisation has no agent ${quote(named)}, named by the X-Ibex-Agent-ID header, or it is disabled.`;
      throw refused('agent_not_found', message);
    }
    request.agentId = named;
    request.namedAgent = { id: named, verdict };
  };
}
