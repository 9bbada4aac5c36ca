import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';
import type { Authority } from '../auth/authority.ts';
import { quote } from '../json.ts';
import { callerOf } from './authenticate.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The agent the request names, once it is known to be one of the organisation. */
    agentId: string | undefined;
  }
}

const agentIdPattern = /^[A-Za-z0-9._-]{1,128}$/;

/** Third step: when the caller names an agent, it must be one of its organisation. */
export function checkAgent(parts: {
  readonly authority: Authority;
}): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const agentId = request.headers['x-ibex-agent-id'];
    if (agentId === undefined) return;
    const name = String(agentId);
    const known =
      agentIdPattern.test(name) &&
      (await parts.authority.judgeAgent(name, callerOf(request).orgId)).status === 'AGENT_STATUS_OK';
    if (known) {
      request.agentId = name;
      return;
    }
    throw new ApiError(403, {
      type: 'permission_error',
      code: 'agent_not_found',
      message: `Your organisation has no agent ${quote(name)}, named by the X-Ibex-Agent-ID header, or it is disabled.`,
    });
  };
}
