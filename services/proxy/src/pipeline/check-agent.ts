import type { AgentVerdict } from '@ibex/api/auth';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';
import type { Authority } from '../auth/authority.ts';
import { quote } from '../json.ts';
import { callerOf } from './authenticate.ts';
import type { Step } from './time-steps.ts';

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

async function checkNamed(request: FastifyRequest, named: string, authority: Authority): Promise<void> {
  const { orgId } = callerOf(request);
  const verdict = agentIdPattern.test(named) ? await authority.judgeAgent(named, orgId) : undefined;
  if (verdict?.status !== 'AGENT_STATUS_OK') {
    const message = `Your organisation has no agent ${quote(named)}, named by the X-Ibex-Agent-ID header, or it is disabled.`;
    throw refused('agent_not_found', message);
  }
  request.agentId = named;
  request.namedAgent = { id: named, verdict };
}

/** Third step: the agent that is calling. One that the request names must be of the caller's organisation. */
export function checkAgent({ authority }: { readonly authority: Authority }): Step {
  return (request) => {
    const header = request.headers['x-ibex-agent-id'];
    const named = header === undefined ? undefined : String(header);
    const { agentId: boundTo } = callerOf(request).verdict;
    if (boundTo === '') return named === undefined ? undefined : checkNamed(request, named, authority);
    checkBound(boundTo, named);
    request.agentId = boundTo;
    return undefined;
  };
}
