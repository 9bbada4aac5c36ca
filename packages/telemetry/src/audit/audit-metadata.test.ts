import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seriesValue } from '../testing/fastify-app.ts';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import { AuditError, AuditMetadataError } from './audit-error.ts';
import { auditMetadata } from './audit-metadata.ts';

const { telemetry } = startTestTelemetry('auth');

test('the twelve keys are taken, with texts, numbers, booleans and null', () => {
  const metadata = {
    ...{
      reason: 'rotation',
      policy_key: 'p',
      old_value: 1,
      new_value: null,
      status_from: 'a',
      status_to: 'b',
    },
    ...{ error_code: 'e', request_scope: 's', idempotency_key_hash: 'h', provider_ref: 'r' },
    ...{ allocation_id: 'al', node_id: true },
  };
  assert.deepEqual(auditMetadata(telemetry, metadata), metadata);
  assert.deepEqual(auditMetadata(telemetry, {}), {});
});

test('any other key is rejected by its name, and counted', () => {
  const foreign = ['password', 'Reason', 'reason ', 'constructor', '__proto__', 'toString', ''];
  for (const key of foreign) {
    const metadata = JSON.parse(`{"reason":"ok",${JSON.stringify(key)}:"x"}`);
    assert.throws(
      () => auditMetadata(telemetry, metadata),
      (error: unknown) => {
        assert.ok(error instanceof AuditMetadataError);
        assert.equal(error.key, key);
        assert.equal(
          error.message,
          `${JSON.stringify(key)} is not an audit metadata key. Allowed are reason, policy_key, old_value, new_value, status_from, status_to, error_code, request_scope, idempotency_key_hash, provider_ref, allocation_id, node_id.`,
        );
        return true;
      },
    );
  }
  const series = 'ibex_contract_violations_total{kind="audit_key"}';
  assert.equal(seriesValue(telemetry.metrics.exposition(), series), foreign.length);
});

test('a value that is no scalar, or too long, is rejected', () => {
  for (const value of [{ nested: true }, ['x'], undefined, 12n, () => 1]) {
    assert.throws(() => auditMetadata(telemetry, { reason: value }), {
      name: 'AuditMetadataError',
      message: `Audit metadata "reason" must be a text, finite number, boolean or null: it is ${typeof value}.`,
    });
  }
  assert.throws(() => auditMetadata(telemetry, { reason: 'x'.repeat(1_001) }), {
    message: 'Audit metadata "reason" must have at most 1000 characters: it has 1001.',
  });
  assert.equal(auditMetadata(telemetry, { reason: 'x'.repeat(1_000) }).reason, 'x'.repeat(1_000));
});

test('a number that JSON has no form for is rejected', () => {
  assert.throws(() => auditMetadata(telemetry, { old_value: Number.POSITIVE_INFINITY }), /it is Infinity/);
});

test('a secret in a value is rejected, and not told', () => {
  for (const reason of ['leaked sk-abcdefghijkl', 'of jane@example.com', 'see https://u:hunter2@db/x']) {
    assert.throws(
      () => auditMetadata(telemetry, { reason }),
      (error: unknown) => {
        assert.ok(error instanceof AuditError);
        assert.match(error.message, /"reason" must hold no secret/);
        return !error.message.includes(reason.split(' ')[1] ?? '');
      },
    );
  }
});

test('metadata that cannot be read is rejected', () => {
  const hostile = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('trap');
      },
    },
  );
  assert.throws(() => auditMetadata(telemetry, hostile), AuditMetadataError);
});
