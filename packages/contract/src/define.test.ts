import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defineContract } from './define.ts';
import { ContractError } from './errors.ts';
import { ibexContract } from './ibex/contract.ts';
import { findingsOf, only, requests, valid } from './testing/sample-contract.ts';

test('a contract that holds is returned as it is', () => {
  assert.equal(findingsOf(valid).length, 0);
  assert.deepEqual(defineContract(valid), valid);
});

test('several findings come at once, one a line, each with entry, rule and value', () => {
  const metrics = { acme_Jobs: { ...requests, help: '', labels: { user_id: [] } } };
  assert.throws(
    () => defineContract({ ...valid, metrics, slos: {} }),
    (error: unknown) => {
      assert.ok(error instanceof ContractError);
      assert.equal(error.findings.length, 5);
      const lines = error.message.split('\n');
      assert.equal(lines[0], 'The contract does not hold:');
      assert.equal(lines.length, 6);
      for (const [index, { entry, rule, value }] of error.findings.entries()) {
        assert.equal(lines[index + 1], `  ${entry}: ${rule}; it is ${value}`);
      }
      return true;
    },
  );
});

test('a misspelt section is refused', () => {
  const misspelt = { ...valid, metricz: {} };
  const finding = only(findingsOf(misspelt));
  assert.equal(finding.entry, 'metricz');
  assert.match(finding.rule, /^a contract has the sections services, namespaces, budget, metrics, spans/);
});

describe('extends', () => {
  test('appends lists, merges tables, replaces single values, and leaves the base alone', () => {
    const before = JSON.stringify(ibexContract);
    const retention = { metricsDays: 90, tracesDays: 14, logsDays: 30, auditDays: 365 };
    const contract = defineContract({
      extends: ibexContract,
      services: ['billing'],
      namespaces: ['acme_billing'],
      metrics: { acme_billing_requests_total: { ...requests, services: ['billing'] } },
      sensitiveKeys: ['iban', 'password'],
      auditMetadataKeys: ['invoice_id'],
      retention,
    });
    assert.deepEqual(contract.services, ['proxy', 'auth', 'collector', 'console', 'worker', 'billing']);
    assert.deepEqual(Object.keys(contract.metrics), [
      ...Object.keys(ibexContract.metrics),
      'acme_billing_requests_total',
    ]);
    assert.equal(contract.sensitiveKeys.filter((key) => key === 'password').length, 1);
    assert.ok(contract.sensitiveKeys.includes('iban'));
    assert.equal(contract.auditMetadataKeys.length, 13);
    assert.deepEqual(contract.retention, retention);
    assert.deepEqual(contract.slos, ibexContract.slos);
    assert.equal('extends' in contract, false);
    assert.equal(JSON.stringify(ibexContract), before);
  });

  test('the whole is proved: an added objective may rest on an inherited metric', () => {
    const slos = {
      models_p99: { ...ibexContract.slos.public_api_p99, surface: 'Models', objective: 0.999 },
    };
    assert.equal(defineContract({ extends: ibexContract, slos }).slos.models_p99.objective, 0.999);
    const wrong = { models_p99: { ...slos.models_p99, evaluatedAtSeconds: 0.3 } };
    assert.throws(
      () => defineContract({ extends: ibexContract, slos: wrong }),
      /slos\.models_p99\.evaluatedAtSeconds/,
    );
  });

  test('an inherited entry cannot be redefined', () => {
    assert.throws(
      () => defineContract({ extends: valid, metrics: { acme_requests_total: { ...requests, labels: {} } } }),
      (error: unknown) => {
        assert.ok(error instanceof ContractError);
        assert.deepEqual(error.findings, [
          {
            entry: 'metrics.acme_requests_total',
            rule: 'an extension adds entries and redefines none that it inherits',
            value: '"acme_requests_total"',
          },
        ]);
        return true;
      },
    );
  });
});
