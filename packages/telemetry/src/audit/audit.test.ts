import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import { type AuditEntry, type AuditEvent, createAudit } from './audit.ts';
import { AuditError } from './audit-error.ts';

const event: AuditEvent = {
  action: 'token.revoke',
  actor: { tokenId: 'token_abc', userId: null },
  resource: { orgId: 'org_1', id: 'token_def' },
  metadata: { reason: 'rotation' },
};

/** A table whose transactions keep all of their rows or none. */
function startTable() {
  const rows: unknown[] = [];
  return {
    rows,
    async transaction(run: (waiting: unknown[]) => Promise<void>): Promise<void> {
      const waiting: unknown[] = [];
      await run(waiting);
      rows.push(...waiting);
    },
  };
}

const sinkTo = (rows: unknown[]) => ({ write: async (entry: AuditEntry) => rows.push(entry) });

test('an entry is written with its mutation, inside a span', async () => {
  const { telemetry, exporter } = startTestTelemetry('auth');
  const audit = createAudit(telemetry);
  const table = startTable();
  await table.transaction(async (waiting) => {
    await audit.record(event, sinkTo(waiting));
    waiting.push('the mutation');
  });
  await telemetry.stop();
  assert.deepEqual(table.rows, [{ ...event, requestId: null }, 'the mutation']);
  const [span] = exporter.spans;
  assert.deepEqual(
    [span?.name, span?.kind, span?.attributes],
    ['audit.write', 'internal', { 'audit.action': 'token.revoke', org_id: 'org_1' }],
  );
});

const refused: readonly (readonly [title: string, change: object, message: RegExp])[] = [
  ['an unknown key', { metadata: { comment: 'x' } }, /"comment" is not an audit metadata key/],
  ['a secret value', { metadata: { reason: 'Bearer abcdefgh123' } }, /must hold no secret/],
  ['an action without its form', { action: 'Revoke' }, /must be like "token.revoke": it is "Revoke"/],
  [
    'a token as the actor',
    { actor: { tokenId: `ibex_abcdefghijklmnop_${'x'.repeat(43)}`, userId: null } },
    /actor.tokenId must be an id: it looks like a secret/,
  ],
  ['no resource', { resource: { orgId: 'org_1', id: '' } }, /resource.id must be an id of 1 to 256/],
  ['no organisation', { resource: { orgId: null, id: 'x' } }, /resource.orgId must be an id/],
];
for (const [title, change, message] of refused) {
  test(`${title} stops the mutation, and the span says why`, async () => {
    const { telemetry, exporter } = startTestTelemetry('auth');
    const table = startTable();
    const attempt = table.transaction(async (waiting) => {
      await createAudit(telemetry).record({ ...event, ...change }, sinkTo(waiting));
      waiting.push('the mutation');
    });
    await assert.rejects(attempt, (error) => error instanceof AuditError && message.test(error.message));
    await telemetry.stop();
    assert.deepEqual(table.rows, []);
    assert.equal(exporter.spans[0]?.status, 'error');
  });
}

test('a sink that fails stops the mutation, with its error as the cause', async () => {
  const { telemetry } = startTestTelemetry('auth');
  const cause = new Error('disk full');
  const table = startTable();
  const attempt = table.transaction(async (waiting) => {
    await createAudit(telemetry).record(event, { write: () => Promise.reject(cause) });
    waiting.push('the mutation');
  });
  await assert.rejects(attempt, (error) => error instanceof AuditError && error.cause === cause);
  assert.deepEqual(table.rows, []);
});

test('an event that cannot be read is refused as well', async () => {
  const { telemetry } = startTestTelemetry('auth');
  const hostile = { ...event, actor: null } as unknown as AuditEvent;
  await assert.rejects(createAudit(telemetry).record(hostile, sinkTo([])));
});
