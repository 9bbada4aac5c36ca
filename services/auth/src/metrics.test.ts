import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { before, describe, it } from 'node:test';
import { forbiddenLabels, ibexContract } from '@ibex/contract';
import { findProgram, skipWithout } from '../../../tests/src/support/programs.ts';
import { call, VerdictClient } from './testing/auth-client.ts';
import { Cleanup } from './testing/cleanup.ts';
import { databaseKinds } from './testing/databases.ts';
import { checkHealth } from './testing/grpc-tools.ts';
import { readCredentialsContent, type SeededAuth, startSeededAuth } from './testing/seeded-auth.ts';
import { createTokenText } from './tokens/token-text.ts';

const catalog = [
  'ibex_proxy_request_duration_seconds',
  'ibex_proxy_requests_total',
  'ibex_proxy_active_connections',
  'ibex_proxy_rate_limited_total',
  'ibex_proxy_rate_limit_redis_errors_total',
  'ibex_auth_validate_token_duration_seconds',
  'ibex_auth_validate_agent_duration_seconds',
  'ibex_auth_grpc_requests_total',
  'ibex_db_query_duration_seconds',
  'ibex_db_pool_open_connections',
  'ibex_process_up',
];

for (const kind of databaseKinds) {
  describe(`metrics: ${kind.name}`, { skip: kind.skip }, () => {
    const cleanup = new Cleanup();
    let seeded: SeededAuth;
    let exposition: string;

    /** The value of the one series that starts so. */
    const value = (series: string) => {
      const line = exposition.split('\n').find((candidate) => candidate.startsWith(`${series} `));
      return line === undefined ? undefined : Number(line.slice(series.length + 1));
    };

    before(async () => {
      seeded = await startSeededAuth(kind, cleanup);
      const { acme, rival, auth } = seeded;
      const client = new VerdictClient(auth.grpcAddress);
      cleanup.add(() => client.close());
      for (const token of [acme.adminToken, acme.adminToken, createTokenText().text, acme.expiredToken]) {
        await client.validateToken(token);
      }
      await client.validateAgent(acme.agentId, acme.orgId);
      await client.validateAgent(acme.agentId, rival.orgId);
      await assert.rejects(client.validateToken('x'.repeat(1_000_000)));
      await checkHealth(auth.grpcAddress, '');
      const url = `${auth.httpUrl}/v1/tokens`;
      await call(`DELETE ${url}/${acme.adminTokenId}`, { token: acme.adminToken });
      await client.validateToken(acme.adminToken);
      await call(`POST ${url}`, {
        token: readCredentialsContent(seeded.credentialsFile).admin_token,
        body: { name: 'x', audit: { nonsense: 1 } },
      });
      exposition = await (await fetch(`${auth.httpUrl}/metrics`)).text();
    });

    it('are in a format that promtool accepts', { skip: skipWithout('promtool') }, () => {
      const promtool = spawnSync(findProgram('promtool') ?? '', ['check', 'metrics'], {
        input: exposition,
        encoding: 'utf8',
      });
      assert.equal(promtool.status, 0, promtool.stdout + promtool.stderr);
    });

    it('hold the whole catalog and no forbidden label', () => {
      for (const name of catalog) assert.match(exposition, new RegExp(`^# TYPE ${name} `, 'm'));
      for (const label of forbiddenLabels) assert.doesNotMatch(exposition, new RegExp(`[{,]${label}=`));
    });

    it('count every call and its verdict', () => {
      const expected = {
        'ibex_auth_validate_token_duration_seconds_count{result="ok"}': 2,
        'ibex_auth_validate_token_duration_seconds_count{result="error"}': 2,
        'ibex_auth_validate_token_duration_seconds_count{result="revoked"}': 1,
        'ibex_auth_validate_agent_duration_seconds_count{result="ok"}': 1,
        'ibex_auth_validate_agent_duration_seconds_count{result="not_found"}': 1,
        'ibex_auth_grpc_requests_total{method="ValidateToken",status="OK"}': 5,
        'ibex_auth_grpc_requests_total{method="ValidateToken",status="RESOURCE_EXHAUSTED"}': 1,
        'ibex_auth_grpc_requests_total{method="ValidateAgent",status="OK"}': 2,
        'ibex_auth_grpc_requests_total{method="Check",status="OK"}': 1,
        'ibex_contract_violations_total{kind="audit_key"}': 1,
        'ibex_process_up{service="auth"}': 1,
      };
      const found = Object.fromEntries(Object.keys(expected).map((series) => [series, value(series)]));
      assert.deepEqual(found, expected);
    });

    it('observe the database', () => {
      for (const operation of [
        'migrate',
        'bootstrap',
        'transaction',
        'token_find',
        'token_revoke',
        'audit_insert',
      ]) {
        const count = value(`ibex_db_query_duration_seconds_count{operation="${operation}"}`);
        assert.ok(Number(count) > 0, operation);
      }
      assert.equal(value('ibex_db_pool_open_connections{state="in_use"}'), 0);
      assert.ok(Number(value('ibex_db_pool_open_connections{state="idle"}')) >= 1);
      const known: readonly string[] = ibexContract.metrics.ibex_db_query_duration_seconds.labels.operation;
      const seen = [...exposition.matchAll(/ibex_db_query_duration_seconds_count\{operation="([^"]+)"\}/g)];
      assert.ok(seen.every(([, operation = '']) => known.includes(operation)));
    });
  });
}
