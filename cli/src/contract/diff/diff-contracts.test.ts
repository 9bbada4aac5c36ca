import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ContractDefinition, ibexContract } from '@ibex/contract';
import { diffContracts } from './diff-contracts.ts';
import { changed, type Mutable, present } from './testing/changed-contract.ts';

interface Case {
  readonly name: string;
  readonly change: (contract: Mutable<ContractDefinition>) => void;
  readonly entry: string;
  readonly breaking: boolean;
  /** Objectives that break. */
  readonly affects?: readonly string[];
}

const tokens = 'ibex_auth_validate_token_duration_seconds';
const requests = 'ibex_proxy_request_duration_seconds';
const cases: readonly Case[] = [
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
    name: 'a metric goes',
    change: ({ metrics }) => delete metrics[tokens],
    entry: `metrics.${tokens}`,
    breaking: true,
    affects: ['authorization_p95', 'authorization_p99'],
  },
  {
    name: 'a metric comes',
    change: ({ metrics }) => {
      metrics.ibex_proxy_new_total = present(metrics.ibex_proxy_requests_total);
    },
    entry: 'metrics.ibex_proxy_new_total',
    breaking: false,
  },
  {
    name: 'a type changes',
    change: ({ metrics }) => {
      present(metrics.conversation_active_count).type = 'counter';
    },
    entry: 'metrics.conversation_active_count.type',
    breaking: true,
  },
  {
    name: 'a unit changes',
    change: ({ metrics }) => {
      present(metrics[requests]).unit = 'milliseconds';
    },
    entry: `metrics.${requests}.unit`,
    breaking: true,
    affects: ['public_api_p95', 'public_api_p99'],
  },
  {
    name: 'a help text changes',
    change: ({ metrics }) => {
      present(metrics[requests]).help = 'Other.';
    },
    entry: `metrics.${requests}.help`,
    breaking: false,
  },
  {
    name: 'the bucket of one objective goes',
    change: ({ metrics }) => {
      const metric = present(metrics[requests]);
      metric.buckets = metric.buckets?.filter((bound) => bound !== 0.25) ?? [];
    },
    entry: `metrics.${requests}.buckets`,
    breaking: true,
    affects: ['public_api_p95'],
  },
  {
    name: 'a bucket comes',
    change: ({ metrics }) => {
      const metric = present(metrics[requests]);
      metric.buckets = [...(metric.buckets ?? []), 10];
    },
    entry: `metrics.${requests}.buckets`,
    breaking: false,
  },
  {
    name: 'a label of an objective goes',
    change: ({ metrics }) => delete present(metrics[requests]).labels.route,
    entry: `metrics.${requests}.labels.route`,
    breaking: true,
    affects: ['public_api_p95', 'public_api_p99'],
  },
  {
    name: 'a label comes',
    change: ({ metrics }) => {
      present(metrics[tokens]).labels.region = ['eu', 'us'];
    },
    entry: `metrics.${tokens}.labels.region`,
    breaking: true,
    affects: ['authorization_p95', 'authorization_p99'],
  },
  {
    name: 'a label value goes that no objective selects',
    change: ({ metrics }) => {
      present(metrics[tokens]).labels.result = ['ok', 'error'];
    },
    entry: `metrics.${tokens}.labels.result`,
    breaking: true,
    affects: [],
  },
  {
    name: 'a label value comes',
    change: ({ metrics }) => {
      present(metrics[tokens]).labels.result = ['ok', 'error', 'revoked', 'expired'];
    },
    entry: `metrics.${tokens}.labels.result`,
    breaking: false,
  },
  {
    name: 'a route of one service goes',
    change: ({ metrics }) => {
      const path = present(present(metrics.http_requests_total).labels.path);
      assert.ok('perService' in path);
      path.perService.auth = present(path.perService.auth).filter((route) => route !== '/v1/audit');
    },
    entry: 'metrics.http_requests_total.labels.path',
    breaking: true,
  },
  {
    name: 'the limit of a configured set falls',
    change: ({ metrics }) => {
      present(metrics.provider_tokens_total).labels.model = { configured: 'model', limit: 8 };
    },
    entry: 'metrics.provider_tokens_total.labels.model',
    breaking: true,
  },
  {
    name: 'a closed set becomes a configured one',
    change: ({ metrics }) => {
      present(metrics.provider_tokens_total).labels.type = { configured: 'type', limit: 8 };
    },
    entry: 'metrics.provider_tokens_total.labels.type',
    breaking: true,
  },
  {
    name: 'a service no longer moves a metric',
    change: ({ metrics }) => {
      present(metrics.http_requests_total).services = ['proxy', 'auth', 'collector'];
    },
    entry: 'metrics.http_requests_total.services',
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
];
for (const { name, change, entry, breaking, affects } of cases) {
  test(`${breaking ? 'breaking' : 'compatible'}: ${name}`, () => {
    const changes = diffContracts(ibexContract, changed(change));
    assert.deepEqual(
      changes.map((difference) => [difference.entry, difference.breaking]),
      [[entry, breaking]],
    );
    const objectives = changes.flatMap((difference) => difference.affects.map((dependent) => dependent.name));
    assert.deepEqual(objectives, affects ?? []);
  });
}

test('equal contracts have no differences, whatever the order of their keys', () => {
  const reversed = changed((contract) => {
    contract.metrics = Object.fromEntries(Object.entries(contract.metrics).toReversed());
  });
  assert.deepEqual(diffContracts(ibexContract, reversed), []);
});

test('a renamed metric is one change that names its successor', () => {
  const now = changed(({ metrics }) => {
    metrics.ibex_auth_token_duration_seconds = present(metrics[tokens]);
    delete metrics[tokens];
  });
  const changes = diffContracts(ibexContract, now);
  assert.equal(changes.length, 1);
  assert.match(present(changes[0]).message, /^renamed to ibex_auth_token_duration_seconds:/);
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
