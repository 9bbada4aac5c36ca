import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from './testing/gateway.ts';
import { addressOf, spawnService, type TestProcess } from './testing/process.ts';

function directoryFor(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-proxy-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function startAuth(context: TestContext, directory: string) {
  const credentialsFile = join(directory, 'credentials.json');
  const auth = spawnService(context, {
    service: 'auth',
    environment: {
      IBEX_AUTH_HTTP_PORT: '0',
      IBEX_AUTH_GRPC_PORT: '0',
      IBEX_AUTH_TOKEN_HASH_KEY: 'a key that only tests ever use, of 40 chars',
      IBEX_AUTH_CACHE_TTL_MS: '100',
      IBEX_DATA_DIR: directory,
      IBEX_CREDENTIALS_FILE: credentialsFile,
    },
  });
  const grpcAddress = await addressOf(auth, 'grpc');
  const httpUrl = await addressOf(auth, 'http');
  const credentials = JSON.parse(readFileSync(credentialsFile, 'utf8')) as Record<string, string>;
  return {
    grpcAddress,
    httpUrl,
    apiKey: credentials.api_key ?? '',
    adminToken: credentials.admin_token ?? '',
  };
}

function spawnProxy(context: TestContext, environment: Record<string, string>): TestProcess {
  return spawnService(context, { service: 'proxy', environment: { IBEX_PROXY_PORT: '0', ...environment } });
}

test('proxy and auth as processes: a chat, a revoked token, an ordered stop', async (context) => {
  const auth = await startAuth(context, directoryFor(context));
  const proxy = spawnProxy(context, { IBEX_AUTH_GRPC_ADDRESS: auth.grpcAddress, OTEL_SAMPLE_RATIO: '1' });
  const url = await addressOf(proxy, 'http');
  const admin = (path: string, init: RequestInit = {}) =>
    fetch(`${auth.httpUrl}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${auth.adminToken}`, 'content-type': 'application/json' },
    });
  const ask = (token: string) =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ model: 'echo', messages: [{ role: 'user', content: 'hello' }] }),
    });
  assert.equal((await fetch(`${url}/readyz`)).status, 200);
  assert.equal((await ask(auth.apiKey)).status, 200);

  const issued = await admin('/v1/tokens', {
    method: 'POST',
    body: JSON.stringify({ name: 'short-lived', role: 'member' }),
  });
  const token = (await issued.json()) as { id: string; token: string };
  assert.equal(issued.status, 201, JSON.stringify(token));
  assert.equal((await ask(token.token)).status, 200);
  assert.equal((await admin(`/v1/tokens/${token.id}`, { method: 'DELETE', body: '{}' })).status, 204);
  await until(async () => (await ask(token.token)).status === 401);
  assert.equal(
    ((await (await ask(token.token)).json()) as { error: { code: string } }).error.code,
    'token_revoked',
  );

  proxy.child.kill('SIGTERM');
  assert.equal(await proxy.exited, 0);
  const output = JSON.stringify(proxy.lines()) + proxy.stderr();
  for (const secret of [auth.apiKey, token.token]) assert.doesNotMatch(output, new RegExp(secret));
});

test('a setting that cannot be used is one line and exit code 1', async (context) => {
  const config = join(directoryFor(context), 'config.yaml');
  writeFileSync(
    config,
    'providers:\n  - name: acme\n    type: openai\n    base_url: nonsense\n    models: [m]\n',
  );
  const cases: readonly [Record<string, string>, RegExp][] = [
    [{ IBEX_PROXY_PORT: '80x' }, /^ibex proxy: IBEX_PROXY_PORT must be .*"80x"/],
    [{ IBEX_PROXY_BODY_LIMIT_BYTES: '1' }, /IBEX_PROXY_BODY_LIMIT_BYTES must be/],
    [{ REDIS_URL: 'no url, secret' }, /REDIS_URL must be a URL such as(?!.*secret)/],
    [
      { IBEX_AUTH_GRPC_ADDRESS: 'http://127.0.0.1:50051' },
      /IBEX_AUTH_GRPC_ADDRESS must be an address of gRPC such as auth:50051, without http:/,
    ],
    [{ IBEX_CONFIG: config }, /providers\[0\]\.base_url in config\.yaml .*http/],
    [{ IBEX_CONFIG: '/no/such/file.yaml' }, /IBEX_CONFIG must name a readable file/],
  ];
  for (const [environment, message] of cases) {
    const proxy = spawnProxy(context, environment);
    assert.equal(await proxy.exited, 1);
    assert.match(proxy.stderr(), message);
    assert.equal(proxy.stderr().trim().split('\n').length, 1, proxy.stderr());
  }
});

test('a database for conversations that is not there ends the start with its variable, without the password', async (context) => {
  const proxy = spawnProxy(context, {
    IBEX_PROXY_CONVERSATION_STORE: 'postgres',
    IBEX_PROXY_DATABASE_URL: 'postgres://user:a-password-of-mine@127.0.0.1:1/ibex',
  });
  assert.equal(await proxy.exited, 1);
  const output = JSON.stringify(proxy.lines());
  assert.match(output, /could not start.*IBEX_PROXY_DATABASE_URL must name a Postgres server.*ECONNREFUSED/);
  assert.doesNotMatch(output, /a-password-of-mine/);
});

test('a taken port ends the start with an error that names it', async (context) => {
  const server = createServer().listen(0, '127.0.0.1');
  context.after(() => server.close());
  await until(() => server.listening);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const proxy = spawnProxy(context, { IBEX_PROXY_PORT: String(port) });
  assert.equal(await proxy.exited, 1);
  assert.match(JSON.stringify(proxy.lines()), new RegExp(`could not start.*EADDRINUSE.*${port}`));
});
