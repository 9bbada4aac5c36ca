import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { test } from 'node:test';
import { freePorts } from '../testing/workspace.ts';
import { waitUntilReady } from './readiness.ts';

async function serve(
  answer: () => { status: number; body: string },
): Promise<{ server: Server; url: string }> {
  const server = createServer((_request, response) => {
    const { status, body } = answer();
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address !== 'string');
  return { server, url: `http://127.0.0.1:${address.port}/readyz` };
}

function never(): AbortSignal {
  return new AbortController().signal;
}

test('it is waited for until the answer is 200', async () => {
  let asked = 0;
  const { server, url } = await serve(() => ({ status: ++asked < 3 ? 503 : 200, body: '' }));
  await waitUntilReady({ name: 'auth', url, timeoutMs: 20_000, signal: never() });
  assert.equal(asked, 3);
  server.close();
});

test('the last answer is told when it takes too long', async () => {
  const { server, url } = await serve(() => ({ status: 503, body: '{"database":"not_ready"}' }));
  await assert.rejects(waitUntilReady({ name: 'auth', url, timeoutMs: 500, signal: never() }), {
    name: 'UserError',
    message: 'auth was not ready within 0.5 s: HTTP 503 {"database":"not_ready"}',
  });
  server.close();
});

test('nobody answering is told as well', async () => {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}/readyz`;
  await assert.rejects(
    waitUntilReady({ name: 'auth', url, timeoutMs: 200, signal: never() }),
    /auth was not ready within 0.2 s: connect ECONNREFUSED/,
  );
});
