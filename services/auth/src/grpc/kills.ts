import { type handleUnaryCall, status } from '@grpc/grpc-js';
import type { AuthServiceHandlers } from '@ibex/api/auth';
import type { Telemetry } from '@ibex/telemetry';
import { type Audit, AuditMetadataError, createAudit } from '@ibex/telemetry/audit';
import { type AuditAction, insertAuditEntry } from '../audit/audit-repository.ts';
import type { AttemptDamper } from '../damping/attempt-damper.ts';
import type { Database, Queryable } from '../database/database.ts';
import { isIdentifier } from '../identifiers.ts';
import { findOrganisation } from '../organisations/organisation-repository.ts';
import type { TokenHasher } from '../tokens/token-hash.ts';
import type { FindToken } from '../tokens/token-lookups.ts';
import { judgeToken, type Principal } from '../tokens/token-verdict.ts';
import { checkRule, failureOf, RequestError } from './failure.ts';

/** What entries about ended requests are made from. */
export interface KillOptions {
  readonly database: Database;
  readonly findToken: FindToken;
  readonly hasher: TokenHasher;
  readonly telemetry: Telemetry;
  readonly damper: AttemptDamper;
}

interface Kill {
  readonly token: string;
  readonly requestId: string;
  readonly orgIds: readonly string[];
  readonly gateway: string;
  /** There was nothing left to end when it came to it. */
  readonly alreadyOver: boolean;
}

const maximumOrganisations = 16;
const requestIdPattern = /^[A-Za-z0-9._-]{8,64}$/;
const gatewayPattern = /^[\x21-\x7e]{1,256}$/;

function checkKill({ requestId, orgIds, gateway }: Kill): void {
  checkRule(requestIdPattern.test(requestId), 'request_id must be the id of a request.');
  checkRule(gatewayPattern.test(gateway), 'gateway must be a name of 1 to 256 printable characters.');
  checkRule(
    orgIds.length > 0 && orgIds.length <= maximumOrganisations,
    `org_ids must name 1 to ${maximumOrganisations} organisations: it names ${orgIds.length}.`,
  );
  checkRule(new Set(orgIds).size === orgIds.length, 'org_ids must name each organisation once.');
  checkRule(
    orgIds.every((orgId) => isIdentifier('org', orgId)),
    'org_ids must be identifiers of organisations.',
  );
}

function mayKill({ role, orgId, organisation }: Principal, orgIds: readonly string[]): boolean {
  return role === 'admin' && (organisation.operates || orgIds.every((id) => id === orgId));
}

/** Who may end the request, judged anew: what a gateway remembers is not enough to write in somebody's name. */
async function authorise(kill: Kill, options: KillOptions): Promise<Principal | undefined> {
  const attempt = { token: kill.token, address: '' };
  options.damper.check(attempt);
  const verdict = await judgeToken(kill.token, { ...options, now: new Date() });
  options.damper.record(attempt, { right: verdict.status !== 'unknown' });
  return verdict.status === 'ok' && mayKill(verdict.principal, kill.orgIds) ? verdict.principal : undefined;
}

interface KillOfOne extends Omit<Kill, 'token' | 'orgIds'> {
  readonly orgId: string;
  readonly principal: Principal;
}

/** The entry in the log of one organisation, which must be there. */
async function write(
  transaction: Queryable,
  { audit, telemetry, kill }: { audit: Audit; telemetry: Telemetry; kill: KillOfOne },
): Promise<void> {
  const { orgId, principal, requestId, gateway, alreadyOver } = kill;
  const action: AuditAction = alreadyOver ? 'request.kill_missed' : 'request.kill';
  const tenant = await telemetry.tracer.withSpan('tenant.resolve', { attributes: { org_id: orgId } }, () =>
    findOrganisation(transaction, { orgId }),
  );
  checkRule(tenant !== undefined, `There is no organisation "${orgId}".`);
  await audit.record(
    {
      action,
      actor: { tokenId: principal.tokenId, userId: principal.userId ?? null },
      resource: { orgId, id: requestId },
      metadata: {
        node_id: gateway,
        request_scope: orgId === principal.orgId ? 'organisation' : 'installation',
      },
    },
    { write: (entry) => insertAuditEntry(transaction, entry) },
  );
}

function recordKill(options: KillOptions): handleUnaryCall<Kill, { status: KillStatus }> {
  const { database, telemetry } = options;
  const audit = createAudit(telemetry);
  const record = async (kill: Kill): Promise<KillStatus> => {
    checkKill(kill);
    const principal = await authorise(kill, options);
    if (principal === undefined) return 'KILL_STATUS_NOT_ALLOWED';
    await database.transaction(async (transaction) => {
      for (const orgId of kill.orgIds) {
        await write(transaction, { audit, telemetry, kill: { ...kill, orgId, principal } });
      }
    });
    return 'KILL_STATUS_RECORDED';
  };
  return async (call, callback) => {
    try {
      callback(null, { status: await record(call.request) });
    } catch (error) {
      const refused = error instanceof AuditMetadataError ? new RequestError(error.message) : error;
      const answer = failureOf(refused);
      if (answer.code === status.INTERNAL) {
        telemetry.logger.error('the end of a request could not be recorded', { error });
      }
      callback(answer);
    }
  };
}

type KillStatus = 'KILL_STATUS_RECORDED' | 'KILL_STATUS_NOT_ALLOWED';

/** The handler that writes down who ends requests at the gateways. All of its entries are written, or none. */
export function killHandlers(options: KillOptions): Pick<AuthServiceHandlers, 'RecordKill'> {
  return { RecordKill: recordKill(options) };
}
