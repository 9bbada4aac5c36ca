import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ibexContract } from '@ibex/contract';
import { diffContracts } from './diff-contracts.ts';
import { changed, present } from './testing/changed-contract.ts';
import { testChanges } from './testing/test-changes.ts';

const tokens = 'ibex_auth_validate_token_duration_seconds';
const requests = 'ibex_proxy_request_duration_seconds';

testChanges([
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
]);

test('a renamed metric is one change that names its successor', () => {
  const now = changed(({ metrics }) => {
    metrics.ibex_auth_token_duration_seconds = present(metrics[tokens]);
    delete metrics[tokens];
  });
  const changes = diffContracts(ibexContract, now);
  assert.equal(changes.length, 1);
  assert.match(present(changes[0]).message, /^renamed to ibex_auth_token_duration_seconds:/);
});
