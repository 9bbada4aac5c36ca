import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defineContract } from './define.ts';
import { ContractError } from './errors.ts';
import { ibexContract } from './ibex/contract.ts';
import { httpMethods, statusCodes } from './ibex/values.ts';
import { valuesFor, worstCaseSeries } from './proofs/series.ts';
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

  test('own services and routes join the inherited metrics, labels and spans that are open to them', () => {
    const { metrics, spans, routes } = defineContract({
      extends: ibexContract,
      services: ['billing', 'mailer'],
      routes: { billing: ['/invoices/:id'] },
    });
    assert.deepEqual(routes.billing, ['/invoices/:id', '/healthz', '/readyz', '/metrics', 'unmatched']);
    assert.deepEqual(routes.proxy, ibexContract.routes.proxy);
    const requests = metrics.http_requests_total;
    assert.deepEqual(requests.services, [...ibexContract.metrics.http_requests_total.services, 'billing']);
    assert.deepEqual(valuesFor(requests.labels.path, 'billing'), routes.billing);
    assert.equal(
      worstCaseSeries(requests, 'billing'),
      (httpMethods.length + 1) * 6 * (statusCodes.length + 1),
    );
    assert.deepEqual(metrics.ibex_process_up.labels.service.slice(-2), ['billing', 'mailer']);
    assert.deepEqual(metrics.ibex_telemetry_exported_total.services.slice(-2), ['billing', 'mailer']);
    assert.deepEqual(metrics.ibex_proxy_requests_total, ibexContract.metrics.ibex_proxy_requests_total);
    const emitters = (name: keyof typeof spans) => (spans[name].service as readonly string[]).slice(-2);
    assert.deepEqual(emitters('http_server'), ['console', 'billing']);
    assert.deepEqual(emitters('db_query'), ['billing', 'mailer']);
    assert.deepEqual(spans.provider_generate, ibexContract.spans.provider_generate);
  });

  test('an extension of an extension adds to both', () => {
    const first = defineContract({
      extends: ibexContract,
      services: ['billing'],
      routes: { billing: ['/invoices'] },
    });
    const { metrics, routes } = defineContract({
      extends: first,
      services: ['mailer'],
      routes: { mailer: ['/letters'] },
    });
    assert.ok(routes.billing.includes('/invoices') && routes.mailer.includes('/letters'));
    assert.deepEqual(metrics.http_requests_total.services.slice(-2), ['billing', 'mailer']);
    assert.deepEqual(metrics.ibex_process_up.labels.service.slice(-2), ['billing', 'mailer']);
  });

  test('the budget counts the own routes', () => {
    const routes = { billing: Array.from({ length: 900 }, (_, index) => `/kind-${index}/:id`) };
    assert.throws(
      () => defineContract({ extends: ibexContract, services: ['billing'], routes }),
      /metrics\.http_requests_total: its worst case in billing stays within budget\.perMetric .*; it is \d+ series/,
    );
  });

  test('own listeners, hosts and baggage keys join the inherited ones, and none is redefined', () => {
    const { auth_http } = ibexContract.boundaries.listeners;
    const listeners = { billing: { ...auth_http, service: 'billing' } };
    const { boundaries } = defineContract({
      extends: ibexContract,
      services: ['billing'],
      boundaries: { listeners, baggageKeys: ['acme.region'] },
    });
    assert.deepEqual(boundaries.listeners, { ...ibexContract.boundaries.listeners, ...listeners });
    assert.deepEqual(boundaries.hosts, ibexContract.boundaries.hosts);
    assert.deepEqual(boundaries.baggageKeys, [...ibexContract.boundaries.baggageKeys, 'acme.region']);
    assert.throws(
      () => defineContract({ extends: ibexContract, boundaries: { listeners: { proxy: auth_http } } }),
      /boundaries\.listeners\.proxy: an extension adds entries and redefines none/,
    );
  });
});
