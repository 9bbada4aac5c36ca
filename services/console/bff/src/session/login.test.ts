import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { adminToken, type ErrorBody, startConsole, type TestConsole } from '../testing/test-console.ts';

describe('logging in with a token', () => {
  it('gives a session that says who it is, and a cookie that scripts and other sites cannot use', async () => {
    await using console = await startConsole();
    const answer = await console.send('/api/session', { method: 'POST', body: { token: adminToken } });
    assert.equal(answer.status, 200);
    const session = answer.json<Record<string, unknown>>();
    assert.deepEqual(
      { orgId: session.orgId, userId: session.userId, role: session.role },
      { orgId: 'org-1', userId: 'user-1', role: 'admin' },
    );
    assert.match(String(session.csrfToken), /^[A-Za-z0-9_-]{43}$/);
    assert.equal(session.expiresAtUnixMs, console.clock.nowUnixMs + 2 * 3_600_000);
    const [cookie, ...others] = answer.headers['set-cookie'] ?? [];
    assert.deepEqual(others, []);
    assert.match(cookie ?? '', /^ibex_session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    assert.equal(answer.headers['cache-control'], 'no-store');
  });

  it('marks the cookie Secure, and asks for HTTPS, where it is set so', async () => {
    await using console = await startConsole({ IBEX_CONSOLE_SECURE_COOKIES: 'true' });
    const answer = await console.send('/api/session', { method: 'POST', body: { token: adminToken } });
    assert.match(answer.headers['set-cookie']?.[0] ?? '', /; Secure/);
    assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000');
  });

  it('shows a token without a user as such', async () => {
    await using console = await startConsole();
    console.auth.allow('org-token', { userId: '' });
    const answer = await console.send('/api/session', { method: 'POST', body: { token: 'org-token' } });
    assert.equal(answer.json<{ userId: null }>().userId, null);
  });

  for (const [status, code] of [
    ['TOKEN_STATUS_UNKNOWN', 'invalid_token'],
    ['TOKEN_STATUS_EXPIRED', 'token_expired'],
    ['TOKEN_STATUS_REVOKED', 'token_revoked'],
  ] as const) {
    it(`refuses a token of status ${status} with 401 ${code}, and sets no cookie`, async () => {
      await using console = await startConsole();
      console.auth.verdicts.set('some-token', { status });
      const answer = await console.send('/api/session', { method: 'POST', body: { token: 'some-token' } });
      assert.equal(answer.status, 401);
      const { error } = answer.json<ErrorBody>();
      assert.equal(error.code, code);
      assert.equal(error.requestId, answer.headers['x-request-id']);
      assert.equal(answer.headers['set-cookie'], undefined);
    });
  }

  it('treats a role it does not know as no role', async () => {
    await using console = await startConsole();
    console.auth.allow('odd-token', { role: 'root' });
    const answer = await console.send('/api/session', { method: 'POST', body: { token: 'odd-token' } });
    assert.equal(answer.status, 401);
  });

  it('never repeats the token in an answer or a log line', async () => {
    await using console = await startConsole();
    const secret = 'a-token-nobody-knows';
    const answers = [
      await console.send('/api/session', { method: 'POST', body: { token: secret } }),
      await console.send('/api/session', { method: 'POST', body: { token: secret, more: 1 } }),
      await console.send('/api/session', { method: 'POST', body: `{"token":"${secret}` }),
    ];
    for (const answer of answers) assert.ok(!answer.text.includes(secret), answer.text);
    assert.ok(!console.destination.text.join('').includes(secret));
  });

  it('takes JSON only, and no more than it needs', async () => {
    await using console = await startConsole();
    const text = await console.send('/api/session', {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify({ token: adminToken }),
    });
    assert.equal(text.status, 415);
    assert.equal(text.json<ErrorBody>().error.code, 'unsupported_media_type');
    const large = await console.send('/api/session', { method: 'POST', body: { token: 'x'.repeat(20_000) } });
    assert.equal(large.status, 413);
    assert.equal(large.json<ErrorBody>().error.code, 'body_too_large');
  });

  it('takes a login from its own pages', async () => {
    await using console = await startConsole();
    const headers = { origin: `http://127.0.0.1:${console.port}`, 'sec-fetch-site': 'same-origin' };
    const answer = await console.send('/api/session', {
      method: 'POST',
      body: { token: adminToken },
      headers,
    });
    assert.equal(answer.status, 200);
  });

  it('limits attempts per address, and says when to try again', async () => {
    await using console = await startConsole({ IBEX_CONSOLE_LOGINS_PER_MINUTE: '3' });
    const attempt = () => console.send('/api/session', { method: 'POST', body: { token: 'wrong' } });
    for (let count = 0; count < 3; count++) assert.equal((await attempt()).status, 401);
    const refused = await attempt();
    assert.equal(refused.status, 429);
    assert.equal(refused.json<ErrorBody>().error.code, 'too_many_attempts');
    assert.equal(refused.headers['retry-after'], '60');
    assert.equal(console.auth.validations, 3);
    console.clock.nowUnixMs += 60_000;
    assert.equal((await attempt()).status, 401);
  });

  it('answers 503 and what to check while auth is down', async () => {
    await using console = await startConsole();
    console.auth.stop();
    const answer = await console.send('/api/session', { method: 'POST', body: { token: adminToken } });
    assert.equal(answer.status, 503);
    const { error } = answer.json<ErrorBody>();
    assert.equal(error.code, 'auth_unavailable');
    assert.match(error.message, /IBEX_AUTH_GRPC_ADDRESS/);
  });

  it('ends the session this browser had before', async () => {
    await using console = await startConsole();
    const first = await console.login();
    await console.send('/api/session', {
      method: 'POST',
      body: { token: adminToken },
      headers: { cookie: first.cookie },
    });
    assert.equal((await console.send('/api/session', { headers: first })).status, 401);
  });
});

describe('a login that is not one', () => {
  let shared: TestConsole;
  before(async () => {
    shared = await startConsole({ IBEX_CONSOLE_LOGINS_PER_MINUTE: '100' });
  });
  after(() => shared[Symbol.asyncDispose]());

  for (const [name, body] of [
    ['no body', ''],
    ['JSON that is cut off', '{"token":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number for the token', '{"token":1}'],
    ['an empty token', '{"token":""}'],
    ['a token of 501 characters', JSON.stringify({ token: 'x'.repeat(501) })],
    ['a field that is not known', '{"token":"x","role":"admin"}'],
  ] as const) {
    it(`refuses ${name} with 400 and never asks auth`, async () => {
      const answer = await shared.send('/api/session', { method: 'POST', body });
      assert.equal(answer.status, 400);
      assert.match(answer.json<ErrorBody>().error.code, /^invalid_(body|request)$/);
      assert.equal(shared.auth.validations, 0);
    });
  }

  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'nonsense' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
  ]) {
    it(`refuses a login from another origin: ${JSON.stringify(headers)}`, async () => {
      const answer = await shared.send('/api/session', {
        method: 'POST',
        body: { token: adminToken },
        headers,
      });
      assert.equal(answer.status, 403);
      assert.equal(answer.json<ErrorBody>().error.code, 'cross_origin');
      assert.equal(answer.headers['set-cookie'], undefined);
      assert.equal(shared.auth.validations, 0);
    });
  }
});
