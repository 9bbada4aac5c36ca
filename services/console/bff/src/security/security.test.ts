import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { type ErrorBody, startConsole } from '../testing/test-console.ts';

describe('security headers', () => {
  it('are on pages, files, answers and errors', async () => {
    await using console = await startConsole();
    for (const path of [
      '/login',
      '/favicon.svg',
      '/assets/index-abc123.js',
      '/api/session',
      '/api/nothing',
    ]) {
      const { headers } = await console.send(path, { headers: { accept: 'text/html' } });
      assert.equal(
        headers['content-security-policy'],
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
      );
      assert.equal(headers['x-content-type-options'], 'nosniff', path);
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
      assert.match(String(headers['permissions-policy']), /camera=\(\)/);
      assert.equal(headers['strict-transport-security'], undefined);
      assert.equal(headers['access-control-allow-origin'], undefined);
      assert.ok(headers['cache-control']);
    }
  });
});

describe('the Host header', () => {
  it('must name this machine with the port listened on', async () => {
    await using console = await startConsole();
    for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
      const headers = { host: `${name}:${console.port}` };
      assert.equal((await console.send('/login', { headers })).status, 200, name);
    }
  });

  it('is refused when it names anything else, before any session is looked at', async () => {
    await using console = await startConsole();
    const { cookie } = await console.login();
    for (const host of [
      `evil.example:${console.port}`,
      'evil.example',
      'localhost',
      `localhost.evil.example:${console.port}`,
      `127.0.0.1.evil.example:${console.port}`,
      `localhost:${console.port}0`,
      `evil.example@localhost:${console.port}`,
    ]) {
      for (const path of ['/api/session', '/login', '/nowhere']) {
        const answer = await console.send(path, { headers: { host, cookie } });
        assert.equal(answer.status, 403, `${host} ${path}`);
        assert.equal(answer.json<ErrorBody>().error.code, 'host_not_allowed');
      }
    }
  });

  it('must be there', async () => {
    await using console = await startConsole();
    const socket = connect(console.port, '127.0.0.1');
    socket.end('GET /login HTTP/1.0\r\n\r\n');
    assert.match(await text(socket), /^HTTP\/1\.1 403 .*host_not_allowed/s);
  });

  it('may be any that is configured, exactly as written', async () => {
    await using console = await startConsole({
      IBEX_CONSOLE_ALLOWED_HOSTS: 'console.example.com, 10.0.0.5:8090',
    });
    for (const [host, status] of [
      ['console.example.com', 200],
      ['Console.Example.com', 200],
      ['10.0.0.5:8090', 200],
      ['console.example.com:8090', 403],
      ['10.0.0.5', 403],
    ] as const) {
      assert.equal((await console.send('/login', { headers: { host } })).status, status, host);
    }
  });

  it('may be any for health checks and scrapes, which address a process by its own name', async () => {
    await using console = await startConsole();
    for (const path of ['/healthz', '/readyz', '/metrics'])
      assert.equal((await console.send(path, { headers: { host: '10.1.2.3:8090' } })).status, 200, path);
  });
});
