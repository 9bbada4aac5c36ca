import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { adminToken, loginCode, startConsole } from '../testing/test-console.ts';
import { LoginCode } from './login-code.ts';

describe('LoginCode', () => {
  it('is right once', () => {
    const code = new LoginCode('correct-horse');
    assert.equal(code.take('correct-hors'), false);
    assert.equal(code.take(''), false);
    assert.equal(code.take('correct-horse'), true);
    assert.equal(code.take('correct-horse'), false);
    code.giveBack('correct-horse');
    assert.equal(code.take('correct-horse'), true);
  });

  it('is never right when none is set', () => {
    assert.equal(new LoginCode(undefined).take(''), false);
    assert.equal(new LoginCode(undefined).take('undefined'), false);
  });
});

describe('the one-time link', () => {
  it('logs in as the administrator, once', async () => {
    await using console = await startConsole();
    const first = await console.send(`/login/${loginCode}`);
    assert.equal(first.status, 302);
    assert.equal(first.headers.location, '/admin/ops');
    assert.equal(first.headers['cache-control'], 'no-store');
    const cookie = first.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
    const session = await console.send('/api/session', { headers: { cookie } });
    assert.equal(session.json<{ role: string }>().role, 'admin');
    const second = await console.send(`/login/${loginCode}`);
    assert.equal(second.status, 302);
    assert.equal(second.headers.location, '/login?reason=link_used');
    assert.equal(second.headers['set-cookie'], undefined);
  });

  it('logs in one of many that use it at the same time', async () => {
    await using console = await startConsole();
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => console.send(`/login/${loginCode}`)));
    const inside = answers.filter(({ headers }) => headers.location === '/admin/ops');
    assert.equal(inside.length, 1);
  });

  for (const path of [
    '/login/wrong',
    `/login/${loginCode}x`,
    `/login/${loginCode.slice(0, -1)}`,
    '/login/%2e%2e%2fadmin',
  ]) {
    it(`leads ${path} to the login page and stays good`, async () => {
      await using console = await startConsole();
      const answer = await console.send(path);
      assert.equal(answer.headers.location, '/login?reason=link_used');
      assert.equal((await console.send(`/login/${loginCode}`)).headers.location, '/admin/ops');
    });
  }

  it('is not used up by a HEAD, nor by a query that is not known', async () => {
    await using console = await startConsole();
    await console.send(`/login/${loginCode}`, { method: 'HEAD' });
    assert.equal((await console.send(`/login/${loginCode}?next=//evil.example`)).status, 400);
    assert.equal((await console.send(`/login/${loginCode}`)).headers.location, '/admin/ops');
  });

  it('stays good while auth is down, and says so', async () => {
    await using console = await startConsole();
    console.auth.stop();
    const refused = await console.send(`/login/${loginCode}`);
    assert.equal(refused.headers.location, '/login?reason=auth_unavailable');
    await console.auth.start();
    for (let attempt = 0; (await console.send('/readyz')).status !== 200; attempt++) {
      assert.ok(attempt < 100, 'auth was not found again');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.equal((await console.send(`/login/${loginCode}`)).headers.location, '/admin/ops');
  });

  it('cannot be guessed: attempts are limited per address', async () => {
    await using console = await startConsole({ IBEX_CONSOLE_LOGINS_PER_MINUTE: '2' });
    await console.send('/login/one');
    await console.send('/login/two');
    assert.equal((await console.send('/login/three')).headers.location, '/login?reason=too_many_attempts');
    assert.equal(
      (await console.send(`/login/${loginCode}`)).headers.location,
      '/login?reason=too_many_attempts',
    );
  });

  for (const [name, content] of [
    ['is no JSON', '{'],
    ['has no admin_token', '{"api_key":"x"}'],
    ['holds a token that auth refuses', '{"admin_token":"revoked"}'],
  ] as const) {
    it(`leads to the login page when the credentials file ${name}, and logs why without its contents`, async () => {
      await using console = await startConsole();
      await writeFile(join(console.directory, 'credentials.json'), content);
      const answer = await console.send(`/login/${loginCode}`);
      assert.equal(answer.headers.location, '/login?reason=link_failed');
      const lines = console.destination.text.join('');
      assert.match(lines, /the one-time link could not log in/);
      assert.ok(!lines.includes(adminToken));
    });
  }

  it('leaves the code in no log line and no span', async () => {
    await using console = await startConsole();
    await console.send('/login/a-code-that-is-wrong');
    await console.send(`/login/${loginCode}`);
    assert.ok(!console.destination.text.join('').includes(loginCode));
    assert.ok(!console.destination.text.join('').includes('a-code-that-is-wrong'));
  });
});
