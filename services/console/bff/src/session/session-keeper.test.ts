import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adminToken, type ErrorBody, startConsole } from '../testing/test-console.ts';

describe('a session', () => {
  it('is unknown without a cookie, and with one that means nothing', async () => {
    await using console = await startConsole();
    const none = await console.send('/api/session');
    assert.equal(none.status, 401);
    assert.equal(none.json<ErrorBody>().error.code, 'not_logged_in');
    for (const value of ['x', 'A'.repeat(43), '../../etc/passwd', '%00', 'A'.repeat(5000)]) {
      const answer = await console.send('/api/session', { headers: { cookie: `ibex_session=${value}` } });
      assert.equal(answer.status, 401, value);
      assert.equal(answer.json<ErrorBody>().error.code, 'session_ended');
      assert.match(answer.headers['set-cookie']?.[0] ?? '', /^ibex_session=; .*Expires=Thu, 01 Jan 1970/);
    }
  });

  it('ends after its idle time, and goes on with use until its maximum', async () => {
    await using console = await startConsole({
      IBEX_CONSOLE_SESSION_IDLE_MS: '60000',
      IBEX_CONSOLE_SESSION_MAXIMUM_MS: '150000',
    });
    const headers = await console.login();
    for (let minute = 0; minute < 2; minute++) {
      console.clock.nowUnixMs += 59_000;
      assert.equal((await console.send('/api/session', { headers })).status, 200);
    }
    console.clock.nowUnixMs += 59_000;
    assert.equal((await console.send('/api/session', { headers })).status, 401);
    const idle = await console.login();
    console.clock.nowUnixMs += 60_000;
    assert.equal((await console.send('/api/session', { headers: idle })).status, 401);
  });

  it('ends with its token', async () => {
    await using console = await startConsole();
    console.auth.allow('short', { expiresAtUnixMs: console.clock.nowUnixMs + 30_000 });
    const headers = await console.login('short');
    const session = (await console.send('/api/session', { headers })).json<{ expiresAtUnixMs: number }>();
    assert.equal(session.expiresAtUnixMs, console.clock.nowUnixMs + 30_000);
    console.clock.nowUnixMs += 30_000;
    assert.equal((await console.send('/api/session', { headers })).status, 401);
  });

  it('asks auth again after a minute, once for requests at the same time, and ends when the token is revoked', async () => {
    await using console = await startConsole();
    const headers = await console.login();
    assert.equal(console.auth.validations, 1);
    console.clock.nowUnixMs += 59_999;
    await console.send('/api/session', { headers });
    assert.equal(console.auth.validations, 1);
    console.clock.nowUnixMs += 1;
    await Promise.all([1, 2, 3].map(() => console.send('/api/session', { headers })));
    assert.equal(console.auth.validations, 2);
    console.auth.verdicts.set(adminToken, { status: 'TOKEN_STATUS_REVOKED' });
    console.clock.nowUnixMs += 60_000;
    const ended = await console.send('/api/session', { headers });
    assert.equal(ended.status, 401);
    assert.equal(ended.json<ErrorBody>().error.code, 'session_ended');
    console.auth.allow(adminToken);
    assert.equal((await console.send('/api/session', { headers })).status, 401);
  });

  it('trusts a verdict no longer than auth says', async () => {
    await using console = await startConsole();
    console.auth.allow('brief', { cacheTtlMs: 5000 });
    const headers = await console.login('brief');
    console.clock.nowUnixMs += 5000;
    await console.send('/api/session', { headers });
    assert.equal(console.auth.validations, 2);
  });

  it('takes over a changed role', async () => {
    await using console = await startConsole();
    const headers = await console.login();
    console.auth.allow(adminToken, { role: 'member' });
    console.clock.nowUnixMs += 60_000;
    const answer = await console.send('/api/telemetry/services', { headers });
    assert.equal(answer.status, 403);
  });

  it('outlives an unreachable auth for the grace only, and goes on when auth is back', async () => {
    await using console = await startConsole({ IBEX_CONSOLE_AUTH_GRACE_MS: '120000' });
    const headers = await console.login();
    console.auth.stop();
    console.clock.nowUnixMs += 60_000;
    assert.equal((await console.send('/api/session', { headers })).status, 200);
    console.clock.nowUnixMs += 60_000;
    const refused = await console.send('/api/session', { headers });
    assert.equal(refused.status, 503);
    assert.equal(refused.json<ErrorBody>().error.code, 'auth_unavailable');
    await console.auth.start();
    await untilAuthAnswers(console);
    console.clock.nowUnixMs += 5000;
    assert.equal((await console.send('/api/session', { headers })).status, 200);
  });
});

describe('logging out', () => {
  it('needs the CSRF token of the session', async () => {
    await using console = await startConsole();
    const { cookie, 'x-ibex-csrf': csrf } = await console.login();
    const other = await console.login();
    const missing = await console.send('/api/session', { method: 'DELETE', headers: { cookie } });
    assert.equal(missing.status, 403);
    assert.equal(missing.json<ErrorBody>().error.code, 'csrf_token_missing');
    for (const wrong of ['', 'x', other['x-ibex-csrf']]) {
      const headers = { cookie, 'x-ibex-csrf': wrong };
      const answer = await console.send('/api/session', { method: 'DELETE', headers });
      assert.equal(answer.status, 403);
      assert.equal(answer.json<ErrorBody>().error.code, 'csrf_token_wrong');
    }
    assert.equal((await console.send('/api/session', { headers: { cookie } })).status, 200);
    const headers = { cookie, 'x-ibex-csrf': csrf };
    const answer = await console.send('/api/session', { method: 'DELETE', headers });
    assert.equal(answer.status, 204);
    assert.equal(answer.text, '');
    assert.match(answer.headers['set-cookie']?.[0] ?? '', /^ibex_session=; /);
    assert.equal((await console.send('/api/session', { headers })).status, 401);
    assert.equal((await console.send('/api/session', { headers: other })).status, 200);
  });
});

/** Readiness tells when the gRPC channel has found auth again. */
async function untilAuthAnswers(console: Awaited<ReturnType<typeof startConsole>>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await console.send('/readyz')).status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('auth was not found again');
}
