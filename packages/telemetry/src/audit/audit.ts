import { currentRequest } from '../context/scope.ts';
import { excerpt } from '../privacy/text.ts';
import type { Telemetry } from '../telemetry.ts';
import { AuditError } from './audit-error.ts';
import { type AuditMetadata, type AuditTelemetry, auditMetadata } from './audit-metadata.ts';

/** Who did it: ids, never a token's text; nobody for what a service does of itself. */
export interface AuditActor {
  readonly tokenId: string | null;
  readonly userId: string | null;
}

/** To what it was done. */
export interface AuditResource {
  /** The organisation whose log this belongs to. */
  readonly orgId: string;
  readonly id: string;
}

/** One deed, as it is given to `record`. */
export interface AuditEvent<Action extends string = string> {
  /** What was done, as `<kind of thing>.<deed>`, e.g. `token.revoke`. */
  readonly action: Action;
  readonly actor: AuditActor;
  readonly resource: AuditResource;
  /** Only the contract's keys compile; at run time any other is refused. */
  readonly metadata: AuditMetadata;
}

/** An event that was checked, with the request it happened in. */
export interface AuditEntry<Action extends string = string> extends AuditEvent<Action> {
  readonly requestId: string | null;
}

/** Where entries are kept: for a database, the open transaction of the mutation. */
export interface AuditSink<Action extends string = string> {
  /** Resolves when the entry is part of what will be committed; rejects when it is not. */
  write(entry: AuditEntry<Action>): Promise<unknown>;
}

/** Records deeds where they can be proven later, apart from the logs. */
export interface Audit {
  /**
   * Checks the event and gives it to the sink, inside a span `audit.write`. Await it before the mutation, or inside the
   * mutation's transaction with a sink that writes to it: when this throws, the mutation must not stand.
   *
   * @throws {AuditError} when a key is not allowed, a value holds a secret, or the sink fails (then it is the cause).
   */
  record<Action extends string>(event: AuditEvent<Action>, sink: AuditSink<Action>): Promise<void>;
}

const actionForm = /^[a-z][a-z_]{0,31}(?:\.[a-z][a-z_]{0,31}){1,3}$/;
const maximumIdLength = 256;

/**
 * @example
 * ```ts
 * const audit = createAudit(telemetry);
 * await database.transaction(async (transaction) => {
 *   await audit.record({ action: 'token.revoke', actor, resource, metadata: { reason: 'leaked' } }, rowsOf(transaction));
 *   await revokeToken(transaction, resource);
 * });
 * ```
 */
export function createAudit(telemetry: AuditTelemetry & Pick<Telemetry, 'tracer'>): Audit {
  return {
    async record(event, sink) {
      const attributes = { 'audit.action': event.action };
      await telemetry.tracer.withSpan('audit.write', { attributes }, async (span) => {
        const entry = checkEvent(telemetry, event);
        span.setAttribute('org_id', entry.resource.orgId);
        await write(entry, sink);
      });
    },
  };
}

async function write<Action extends string>(
  entry: AuditEntry<Action>,
  sink: AuditSink<Action>,
): Promise<void> {
  try {
    await sink.write(entry);
  } catch (cause) {
    const message = `The audit entry for ${entry.action} could not be written, so it must not happen.`;
    throw new AuditError(message, { cause });
  }
}

function checkEvent<Action extends string>(
  telemetry: AuditTelemetry,
  { action, actor, resource, metadata }: AuditEvent<Action>,
): AuditEntry<Action> {
  if (!actionForm.test(action)) {
    const shown = JSON.stringify(excerpt(String(action), 64));
    throw new AuditError(`An audit action must be like "token.revoke": it is ${shown}.`);
  }
  const ids = {
    'actor.tokenId': actor.tokenId,
    'actor.userId': actor.userId,
    'resource.orgId': resource.orgId,
    'resource.id': resource.id,
  };
  for (const [name, id] of Object.entries(ids)) checkIdentifier(telemetry, { name, id });
  return {
    action,
    actor: { tokenId: actor.tokenId, userId: actor.userId },
    resource: { orgId: resource.orgId, id: resource.id },
    metadata: auditMetadata(telemetry, metadata),
    requestId: currentRequest()?.requestId ?? null,
  };
}

function checkIdentifier({ sanitiser }: AuditTelemetry, { name, id }: { name: string; id: unknown }): void {
  if (id === null && name.startsWith('actor.')) return;
  if (typeof id !== 'string' || id === '' || id.length > maximumIdLength) {
    const rule = `must be an id of 1 to ${maximumIdLength} characters`;
    throw new AuditError(`The audit entry's ${name} ${rule}: it is ${typeof id}.`);
  }
  if (sanitiser.redactText(id) !== id) {
    throw new AuditError(`The audit entry's ${name} must be an id: it looks like a secret.`);
  }
}
