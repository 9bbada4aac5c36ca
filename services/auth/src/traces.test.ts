import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { type BuiltService, commonSettings, readSettings } from '@ibex/service';
import { startTestTelemetry } from '@ibex/telemetry/testing';
import { z } from 'zod';
import { authSettings } from './config.ts';
import { buildAuth } from './service.ts';
import { call, VerdictClient } from './testing/auth-client.ts';
import { testHashKey } from './testing/auth-process.ts';
import { Cleanup } from './testing/cleanup.ts';
import { databaseKinds } from './testing/databases.ts';
import { readCredentialsContent } from './testing/seeded-auth.ts';
import { createTokenText } from './tokens/token-text.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const killTraceId = '5bf92f3577b34da6a3ce929d0e0e4737';
const callerSpanId = '00f067aa0ba902b7';

describe('traces and logs', () => {
  const cleanup = new Cleanup();
  const { telemetry, exporter, destination } = startTestTelemetry('auth');
  const secret = createTokenText().text;
  let service: BuiltService;

  before(async () => {
    const [kind] = databaseKinds;
    const credentialsFile = join(cleanup.directory(), 'credentials.json');
    const place = await kind?.createPlace(cleanup);
    const environment = {
      ...place?.environment,
      IBEX_AUTH_TOKEN_HASH_KEY: testHashKey,
      IBEX_CREDENTIALS_FILE: credentialsFile,
      IBEX_AUTH_HTTP_PORT: '0',
      IBEX_AUTH_GRPC_PORT: '0',
    };
    const settings = readSettings(z.object({ ...commonSettings, ...authSettings }), environment);
    service = await buildAuth({ settings, telemetry, environment, config: {} });
    const addresses = await Promise.all(service.servers.map((server) => server.listen()));
    const [grpcAddress = '', httpUrl = ''] = addresses;
    const client = new VerdictClient(grpcAddress);
    const { orgId: ownOrgId } = await client.validateToken(
      readCredentialsContent(credentialsFile).admin_token,
    );
    await client.validateToken(secret, {
      traceparent: `00-${traceId}-${callerSpanId}-01`,
      'x-request-id': 'request-of-the-proxy',
    });
    await client.recordKill(
      {
        token: readCredentialsContent(credentialsFile).admin_token,
        requestId: 'request-to-end',
        orgIds: [ownOrgId],
        gateway: 'g',
        alreadyOver: false,
      },
      { traceparent: `00-${killTraceId}-${callerSpanId}-01` },
    );
    client.close();
    await call(`GET ${httpUrl}/v1/tokens`, { token: secret });
    const { admin_token: token } = readCredentialsContent(credentialsFile);
    await call(`POST ${httpUrl}/v1/agents`, { token, body: { name: 'traced' } });
    await call(`POST ${httpUrl}/v1/tokens`, {
      token,
      body: { name: 'x', agentId: 'agent_aaaaaaaaaaaaaaaa' },
    });
    for (const server of service.servers.toReversed()) await server.close();
    for (const step of service.stop ?? []) await step();
    await telemetry.stop();
  });

  it("continue the caller's trace through the server span to the query", () => {
    const ofTrace = exporter.spans.filter((span) => span.traceId === traceId);
    const server = ofTrace.find(({ kind }) => kind === 'server');
    const query = ofTrace.find(({ name }) => name === 'db.token_find');
    assert.equal(server?.name, 'ibex.auth.v1.AuthService/ValidateToken');
    assert.equal(server.parentSpanId, callerSpanId);
    assert.equal(query?.parentSpanId, server.spanId);
    assert.equal(query.kind, 'client');
  });

  it('have a span for an HTTP request named by its route', () => {
    const span = exporter.spans.find(({ name }) => name === 'GET /v1/tokens');
    assert.equal(span?.kind, 'server');
    assert.ok(
      exporter.spans.some((child) => child.parentSpanId === span.spanId && child.name === 'db.token_find'),
    );
    const line = destination.lines.find(({ route }) => route === '/v1/tokens');
    assert.deepEqual([line?.status, line?.trace_id], [401, span.traceId]);
  });

  it('show of a change its tenant, the change itself and its audit entry, in one transaction', () => {
    const server = exporter.spans.find(({ name }) => name === 'POST /v1/agents');
    const transaction = exporter.spans.find(
      ({ name, parentSpanId }) => name === 'db.transaction' && parentSpanId === server?.spanId,
    );
    const steps = exporter.spans.filter(({ parentSpanId }) => parentSpanId === transaction?.spanId);
    assert.deepEqual(
      steps.map(({ name }) => name),
      ['tenant.resolve', 'domain.agent.create', 'audit.write'],
    );
    const queries = steps.map(({ spanId }) =>
      exporter.spans.filter(({ parentSpanId }) => parentSpanId === spanId).map(({ name }) => name),
    );
    assert.deepEqual(queries, [['db.organisation_find'], ['db.agent_insert'], ['db.audit_insert']]);
  });

  it('show of the record of a kill its tenant and its audit entry, in one transaction', () => {
    const ofTrace = exporter.spans.filter((span) => span.traceId === killTraceId);
    const server = ofTrace.find(({ kind }) => kind === 'server');
    const transaction = ofTrace.find(({ name }) => name === 'db.transaction');
    const steps = ofTrace.filter(({ parentSpanId }) => parentSpanId === transaction?.spanId);
    assert.equal(server?.name, 'ibex.auth.v1.AuthService/RecordKill');
    assert.equal(transaction?.parentSpanId, server.spanId);
    assert.deepEqual(
      steps.map(({ name }) => name),
      ['tenant.resolve', 'audit.write'],
    );
    assert.equal(steps[1]?.attributes['audit.action'], 'request.kill');
  });

  it('say of a change that was refused where, and write no audit entry', () => {
    const server = exporter.spans.find(({ name }) => name === 'POST /v1/tokens');
    const ofTrace = exporter.spans.filter(({ traceId: id }) => id === server?.traceId);
    const refused = ofTrace.find(({ name }) => name === 'domain.token.issue');
    assert.equal(refused?.attributes['error.type'], 'Problem');
    assert.ok(ofTrace.every(({ name }) => name !== 'audit.write'));
  });

  it('carry no token', () => {
    const written = JSON.stringify(exporter.spans) + destination.text.join('');
    assert.ok(!written.includes(secret.slice(-43)));
    assert.ok(!written.includes(testHashKey));
  });
});
