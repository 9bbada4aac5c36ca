import { status } from '@grpc/grpc-js';
import type { Telemetry } from '@ibex/telemetry';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';
import type { AuthClient } from '../auth/auth-client.ts';
import type { InFlight } from '../calls/calls-in-flight.ts';
import { quote } from '../json.ts';
import { readToken } from '../pipeline/authenticate.ts';
import { forbidden, scopeOf } from './access.ts';

export interface KillParts {
  readonly calls: InFlight;
  readonly telemetry: Telemetry;
  /** Writes down who ends what, before it is ended. */
  readonly authClient: Pick<AuthClient, 'recordKill'>;
  /** This process, as the ledger and the audit log name it. */
  readonly gateway: string;
}

interface Killed {
  readonly request_id: string;
  /** Calls of models that were ended. */
  readonly killed: number;
}

function notFound(requestId: string): ApiError {
  return new ApiError(404, {
    type: 'invalid_request_error',
    code: 'request_not_found',
    message: `There is no request ${quote(requestId)} under way: it has ended, or is not of your organisation.`,
    param: 'requestId',
  });
}

function adviceFor(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === status.UNIMPLEMENTED) return 'The auth service is older than this gateway: update it.';
  if (code === status.INVALID_ARGUMENT || code === status.INTERNAL) {
    return "The auth service refused it: look in its log for this answer's request id.";
  }
  return 'The auth service does not answer: see that it and its database run, and try again.';
}

function unrecorded(requestId: string, cause: unknown): ApiError {
  const message = `The request ${quote(requestId)} was not ended because it could not be written into the audit log.`;
  return new ApiError(503, {
    type: 'api_error',
    code: 'audit_unavailable',
    message: `${message} ${adviceFor(cause)}`,
    headers: { 'retry-after': '2' },
    cause,
  });
}

interface Attempt {
  readonly request: FastifyRequest;
  readonly requestId: string;
  readonly orgIds: readonly string[];
}

/** Without an entry for each organisation nothing is ended. */
async function record({ authClient, gateway }: KillParts, attempt: Attempt): Promise<void> {
  const { request, requestId, orgIds } = attempt;
  const kill = { token: readToken(request), requestId, orgIds: [...orgIds], gateway, alreadyOver: false };
  const answer = await authClient.recordKill(kill).catch((error: unknown) => {
    throw unrecorded(requestId, error);
  });
  if (answer === 'KILL_STATUS_RECORDED') return;
  throw forbidden('The auth service says that your token may not end this request, or not any more.');
}

/** The log says that these were to be ended: it is to say as well that they had ended by themselves. */
async function recordMissed({ authClient, gateway, telemetry }: KillParts, attempt: Attempt): Promise<void> {
  const { request, requestId, orgIds } = attempt;
  if (orgIds.length === 0) return;
  const kill = { token: readToken(request), requestId, orgIds: [...orgIds], gateway, alreadyOver: true };
  const error = await authClient.recordKill(kill).then(
    (answer) => (answer === 'KILL_STATUS_RECORDED' ? undefined : new Error(answer)),
    (cause: unknown) => cause,
  );
  if (error === undefined) return;
  const details = { requestId, orgIds: [...orgIds] };
  telemetry.logger.error('an audit entry tells of a kill that found nothing to end', { error, details });
}

/**
 * `DELETE /admin/requests/:requestId`: ends the calls of a request, after it stands in the audit log of whose they are; its
 * client gets an error that says so. Calls that ended by themselves meanwhile get a second entry, which tells that.
 */
export function killRequest(parts: KillParts): (request: FastifyRequest) => Promise<Killed> {
  const { calls, telemetry } = parts;
  return async (request) => {
    const { requestId } = request.params as { requestId: string };
    const orgIds = calls.organisationsOf(requestId, scopeOf(request));
    if (orgIds.length === 0) throw notFound(requestId);
    await record(parts, { request, requestId, orgIds });
    // Only of those that stand in the log: others may have begun with the same id.
    const kill = async () => orgIds.map((orgId) => ({ orgId, count: calls.kill(requestId, orgId) }));
    const ended = await telemetry.tracer.withSpan('domain.request.kill', {}, kill);
    const missed = ended.filter(({ count }) => count === 0).map(({ orgId }) => orgId);
    await recordMissed(parts, { request, requestId, orgIds: missed });
    const killed = ended.reduce((sum, { count }) => sum + count, 0);
    if (killed === 0) throw notFound(requestId);
    telemetry.logger.warn('calls killed by an administrator', { count: killed, details: { requestId } });
    return { request_id: requestId, killed };
  };
}
