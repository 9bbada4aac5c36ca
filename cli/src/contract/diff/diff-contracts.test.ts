import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ibexContract } from '@ibex/contract';
import { diffContracts } from './diff-contracts.ts';
import { changed, present } from './testing/changed-contract.ts';
import { testChanges } from './testing/test-changes.ts';

testChanges([
  {
    name: 'a route goes',
    change: (contract) => {
      const routes = present(contract.routes);
      routes.proxy = present(routes.proxy).filter((route) => route !== '/v1/chat/completions');
    },
    entry: 'routes.proxy./v1/chat/completions',
    breaking: true,
  },
  {
    name: 'a service with routes comes',
    change: (contract) => {
      present(contract.routes).billing = ['/invoices/:id', 'unmatched'];
    },
    entry: 'routes.billing',
    breaking: false,
  },
  {
    name: 'a listener no longer continues traces',
    change: ({ boundaries }) => {
      present(boundaries?.listeners.auth_grpc).traceparent = 'drop';
    },
    entry: 'boundaries.listeners.auth_grpc.traceparent',
    breaking: true,
  },
  {
    name: 'a span goes',
    change: ({ spans }) => delete spans.conversation_get,
    entry: 'spans.conversation_get',
    breaking: true,
  },
  {
    name: 'a span is named otherwise',
    change: ({ spans }) => {
      present(spans.db_query).name = 'sql.{operation}';
    },
    entry: 'spans.db_query.name',
    breaking: true,
  },
  {
    name: 'a required attribute becomes optional',
    change: ({ spans }) => {
      const span = present(spans.db_query);
      span.required = ['db.system.name'];
      span.optional = ['error.type', 'error_code', 'db.operation.name'];
    },
    entry: 'spans.db_query.db.operation.name',
    breaking: true,
  },
  {
    name: 'an attribute comes',
    change: ({ spans }) => {
      present(spans.db_query).optional = ['error.type', 'error_code', 'db.query.text'];
    },
    entry: 'spans.db_query.db.query.text',
    breaking: false,
  },
  {
    name: 'a log field goes',
    change: ({ logFields }) => delete logFields.outcome,
    entry: 'logFields.outcome',
    breaking: true,
  },
  {
    name: 'a log field is of another type',
    change: ({ logFields }) => {
      present(logFields.status).type = 'string';
    },
    entry: 'logFields.status.type',
    breaking: true,
  },
  {
    name: 'a threshold changes',
    change: ({ slos }) => {
      present(slos.authorization_p95).thresholdSeconds = 0.05;
    },
    entry: 'slos.authorization_p95.thresholdSeconds',
    breaking: true,
  },
  {
    name: 'logs are kept for a shorter time',
    change: ({ retention }) => {
      retention.logsDays = 7;
    },
    entry: 'retention.logsDays',
    breaking: true,
  },
  {
    name: 'logs are kept for a longer time',
    change: ({ retention }) => {
      retention.logsDays = 60;
    },
    entry: 'retention.logsDays',
    breaking: false,
  },
  {
    name: 'a key is no longer sensitive',
    change: (contract) => {
      contract.sensitiveKeys = contract.sensitiveKeys.filter((key) => key !== 'cookie');
    },
    entry: 'sensitiveKeys.cookie',
    breaking: true,
  },
  {
    name: 'a field people read becomes sensitive',
    change: (contract) => {
      contract.sensitiveKeys = [...contract.sensitiveKeys, 'org_id'];
    },
    entry: 'sensitiveKeys.org_id',
    breaking: true,
  },
  {
    name: 'an audit key goes',
    change: (contract) => {
      contract.auditMetadataKeys = contract.auditMetadataKeys.filter((key) => key !== 'node_id');
    },
    entry: 'auditMetadataKeys.node_id',
    breaking: true,
  },
]);

test('equal contracts have no differences, whatever the order of their keys', () => {
  const reversed = changed((contract) => {
    contract.metrics = Object.fromEntries(Object.entries(contract.metrics).toReversed());
  });
  assert.deepEqual(diffContracts(ibexContract, reversed), []);
});

test('a section without rules of its own: what goes or changes breaks', () => {
  const old = { ...ibexContract, tenants: { quota: 10, free: { spans: 1 } } };
  const now = { ...ibexContract, tenants: { quota: 5, paid: {} } };
  assert.deepEqual(
    diffContracts(old, now).map(({ entry, breaking }) => [entry, breaking]),
    [
      ['tenants.free', true],
      ['tenants.quota', true],
      ['tenants.paid', false],
    ],
  );
});
