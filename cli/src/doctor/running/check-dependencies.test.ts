import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { skipWithout } from '../../../../tests/src/support/programs.ts';
import { freePorts } from '../../testing/workspace.ts';
import type { DoctorContext } from '../context.ts';
import type { Finding } from '../model.ts';
import { checkDependencies } from './check-dependencies.ts';

function check(environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  const { signal } = new AbortController();
  return checkDependencies({ environment, signal } as DoctorContext);
}

async function start(
  context: TestContext,
  { program, args, ready }: { program: string; args: readonly string[]; ready: string },
): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  context.after(() => child.kill('SIGKILL'));
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      if (output.includes(ready)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('close', () => reject(new Error(output)));
  });
}

test('nothing is looked at that nothing names', async () => {
  assert.deepEqual(await check({ REDIS_URL: ' ' }), []);
});

test('a Redis is spoken to, with its password', { skip: skipWithout('redis-server') }, async (context) => {
  const [port] = await freePorts(1);
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--requirepass', 'a secret'];
  await start(context, { program: 'redis-server', args, ready: 'Ready to accept' });
  const [good] = await check({ REDIS_URL: `redis://:a%20secret@127.0.0.1:${port}/0` });
  assert.deepEqual([good?.status, good?.message], ['ok', `127.0.0.1:${port} answers PING`]);
  const [bad] = await check({ REDIS_URL: `redis://:wrong@127.0.0.1:${port}` });
  assert.match(`${bad?.status} ${bad?.message}`, /^problem .*refused: WRONGPASS/);
  const [none] = await check({ REDIS_URL: `redis://127.0.0.1:${port}` });
  assert.match(`${none?.status} ${none?.message}`, /^problem .*refused: NOAUTH/);
});

test('a NATS is spoken to, with its user', { skip: skipWithout('nats-server') }, async (context) => {
  const [port] = await freePorts(1);
  const args = ['-a', '127.0.0.1', '-p', String(port), '--user', 'me', '--pass', 'a b'];
  await start(context, { program: 'nats-server', args, ready: 'Server is ready' });
  const [good] = await check({ NATS_URL: `nats://me:a%20b@127.0.0.1:${port}` });
  assert.deepEqual([good?.status, good?.message], ['ok', `127.0.0.1:${port} answers PING`]);
  const [bad] = await check({ NATS_URL: `nats://me:wrong@127.0.0.1:${port}` });
  assert.match(`${bad?.status} ${bad?.message}`, /^problem .*refused: Authorization Violation/);
});

/** A server that answers every connection's first bytes with these. */
async function answering(context: TestContext, bytes: string): Promise<number> {
  const server = createServer((socket) => socket.once('data', () => socket.end(bytes))).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  context.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

test('a Postgres is told from what is none', async (context) => {
  const postgres = await answering(context, 'N');
  const [good] = await check({ DATABASE_URL: `postgres://me:secret@127.0.0.1:${postgres}/ibex` });
  assert.match(`${good?.status} ${good?.message}`, /^ok 127\.0\.0\.1:\d+ answers, without TLS/);
  const other = await answering(context, 'HTTP/1.1 400 Bad Request\r\n\r\n');
  const [bad] = await check({ DATABASE_URL: `postgres://127.0.0.1:${other}/ibex` });
  assert.match(`${bad?.status} ${bad?.message}`, /^problem .*not Postgres/);
});

test('a URL that is none is not shown', async () => {
  const [finding] = await check({ REDIS_URL: 'hunter2' });
  assert.equal(finding?.message, 'REDIS_URL is no URL (not shown)');
});

test('a Prometheus is asked whether it is ready', async (context) => {
  const port = await answering(context, 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n');
  const [finding] = await check({ IBEX_CONSOLE_PROMETHEUS_URL: `http://127.0.0.1:${port}` });
  assert.match(`${finding?.status} ${finding?.message}`, /^problem not ready at .*HTTP 503/);
});
