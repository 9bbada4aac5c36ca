import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually } from './support/eventually.ts';
import { freePorts } from './support/free-ports.ts';
import { skipWithout } from './support/programs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const validateToken = 'ibex.auth.v1.AuthService/ValidateToken';

/** A span as the exporter for standard output writes it. */
interface SpanLine {
  readonly type: 'span';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A service as a process of its own. */
interface Service {
  readonly child: ChildProcess;
  /** Spans it exported of a trace. */
  spansOf(traceId: string): SpanLine[];
  output(): string;
}

function startService(name: 'auth' | 'proxy', environment: Readonly<Record<string, string>>): Service {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [join(root, `services/${name}/src/main.ts`)], {
    env: { PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  const spans = () =>
    text
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{"type":"span"'))
      .map((line) => JSON.parse(line) as SpanLine);
  return {
    child,
    spansOf: (traceId) => spans().filter((span) => span.traceId === traceId),
    output: () => text,
  };
}

async function startNats(port: number): Promise<ChildProcess> {
  const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  for await (const chunk of child.stderr) {
    text += String(chunk);
    if (text.includes('Server is ready')) break;
  }
  return child;
}

describe('services that share a NATS server and nothing else', { skip: skipWithout('nats-server') }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-nats-'));
  const credentialsFile = join(directory, 'credentials.json');
  const children: ChildProcess[] = [];
  let ports: { nats: number; proxy: number; authHttp: number; authGrpc: number };
  let auth: Service;
  let proxy: Service;
  let nats: ChildProcess;

  async function ask(text: string): Promise<{ status: number; traceId: string }> {
    const { api_key: apiKey } = JSON.parse(readFileSync(credentialsFile, 'utf8')) as { api_key: string };
    const response = await fetch(`http://127.0.0.1:${ports.proxy}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'echo', messages: [{ role: 'user', content: text }] }),
    });
    await response.text();
    return { status: response.status, traceId: response.headers.get('x-trace-id') ?? '' };
  }

  async function metric(port: number, sample: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${sample} `))
        ?.slice(sample.length) ?? 0,
    );
  }

  async function untilReady(port: number, service: Service): Promise<void> {
    await eventually(
      async () => {
        assert.equal(service.child.exitCode, null, service.output());
        return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok || undefined;
      },
      { timeoutMs: 60_000, what: 'a service that is ready' },
    );
  }

  function reasonAtAuth(traceId: string): unknown {
    return auth.spansOf(traceId).find(({ name }) => name === validateToken)?.attributes['ibex.keep_reason'];
  }

  /**
   * Nobody repeats what was announced before a service was connected: asks until auth has kept its part for a reason it
   * can only have heard of. On a busy machine it may have kept it as slow.
   */
  function untilAuthKeeps(): Promise<string> {
    return eventually(
      async () => {
        const { status, traceId } = await ask('/fail 503 this one fails');
        assert.equal(status, 503);
        return eventually(() => (reasonAtAuth(traceId) === 'error' ? traceId : undefined), {
          timeoutMs: 2_000,
        });
      },
      { timeoutMs: 60_000, what: 'a failed trace that auth has kept' },
    );
  }

  before(async () => {
    const [natsPort = 0, proxyPort = 0, authHttp = 0, authGrpc = 0] = await freePorts(4);
    ports = { nats: natsPort, proxy: proxyPort, authHttp, authGrpc };
    const config = join(directory, 'config.yaml');
    writeFileSync(config, 'observability: { tracing: { exporter: { type: stdout } } }\n');
    nats = await startNats(natsPort);
    const environment = {
      IBEX_HOST: '127.0.0.1',
      IBEX_DATA_DIR: directory,
      IBEX_CONFIG: config,
      IBEX_PROXY_PORT: String(proxyPort),
      IBEX_AUTH_HTTP_PORT: String(authHttp),
      IBEX_AUTH_GRPC_PORT: String(authGrpc),
      IBEX_AUTH_GRPC_ADDRESS: `127.0.0.1:${authGrpc}`,
      IBEX_AUTH_TOKEN_HASH_KEY: 'only-for-this-test-only-for-this-test',
      IBEX_CREDENTIALS_FILE: credentialsFile,
      // Nothing is remembered, so that auth takes part in every request.
      IBEX_AUTH_CACHE_TTL_MS: '0',
      IBEX_AUTH_WATCHED_CACHE_TTL_MS: '0',
      OTEL_SAMPLE_RATIO: '0',
      NATS_URL: `nats://127.0.0.1:${natsPort}`,
    };
    auth = startService('auth', environment);
    children.push(auth.child);
    await untilReady(authHttp, auth);
    await eventually(() => existsSync(credentialsFile) || undefined, { what: 'the first credentials' });
    proxy = startService('proxy', environment);
    children.push(proxy.child);
    await untilReady(proxyPort, proxy);
  });

  after(async () => {
    for (const child of children) {
      if (child.exitCode !== null) continue;
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    nats?.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  test('keep a failed trace whole, also what had ended before the failure', async () => {
    const traceId = await untilAuthKeeps();
    await eventually(() => (proxy.spansOf(traceId).length >= 3 ? true : undefined), {
      what: 'the part of the proxy',
    });
    const answered = auth.spansOf(traceId).find(({ name }) => name === validateToken);
    const called = proxy.spansOf(traceId).find(({ name }) => name === validateToken);
    assert.equal(answered?.parentSpanId, called?.spanId);
    const server = proxy.spansOf(traceId).find(({ kind }) => kind === 'server');
    assert.equal(server?.attributes['ibex.keep_reason'], 'error');
    const announcements = (direction: string) =>
      `ibex_telemetry_announcements_total{direction="${direction}"}`;
    assert.ok((await metric(ports.proxy, announcements('sent'))) > 0);
    assert.ok((await metric(ports.authHttp, announcements('received'))) > 0);
  });

  test('keep nothing of a request that succeeds', async () => {
    const { status, traceId } = await ask('hello');
    assert.equal(status, 200);
    await untilAuthKeeps();
    const kept = [...proxy.spansOf(traceId), ...auth.spansOf(traceId)];
    assert.ok(kept.length === 0 || kept.some(({ attributes }) => attributes['ibex.keep_reason'] === 'slow'));
  });

  test('answer while the server is away, and find it again', async () => {
    nats.kill('SIGKILL');
    await once(nats, 'exit');
    assert.equal((await ask('/fail 503 while nobody hears')).status, 503);
    assert.equal((await ask('hello')).status, 200);
    nats = await startNats(ports.nats);
    await untilAuthKeeps();
  });
});
