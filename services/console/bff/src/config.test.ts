import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSettings } from '@ibex/service';
import { z } from 'zod';
import { consoleSettings } from './config.ts';

function read(environment: Record<string, string>) {
  return readSettings(z.object(consoleSettings), {
    IBEX_COLLECTOR_QUERY_TOKEN: 'token-of-16-characters',
    ...environment,
  });
}

describe('the settings', () => {
  it('have defaults that fit the services on one machine', () => {
    const settings = read({});
    assert.equal(settings.IBEX_CONSOLE_PORT, 8090);
    assert.equal(settings.IBEX_CONSOLE_SECURE_COOKIES, false);
    assert.deepEqual(settings.IBEX_CONSOLE_SERVICES, [
      { name: 'proxy', url: 'http://127.0.0.1:8080' },
      { name: 'auth', url: 'http://127.0.0.1:8081' },
      { name: 'collector', url: 'http://127.0.0.1:8082' },
    ]);
  });

  it('take lists with spaces and other paths than the root', () => {
    const settings = read({
      IBEX_CONSOLE_SERVICES: ' proxy=http://x ,, b=https://y:1/path,',
      IBEX_CONSOLE_ALLOWED_HOSTS: 'a.example, [::1]:80',
    });
    assert.deepEqual(settings.IBEX_CONSOLE_SERVICES, [
      { name: 'proxy', url: 'http://x' },
      { name: 'b', url: 'https://y:1' },
    ]);
    assert.deepEqual(settings.IBEX_CONSOLE_ALLOWED_HOSTS, ['a.example', '[::1]:80']);
  });

  for (const [key, value] of [
    ['IBEX_CONSOLE_PORT', '80x'],
    ['IBEX_CONSOLE_SERVICES', 'proxy'],
    ['IBEX_CONSOLE_SERVICES', 'proxy=ftp://x'],
    ['IBEX_CONSOLE_SERVICES', 'proxy=http://user:password@x'],
    ['IBEX_CONSOLE_SERVICES', 'a=http://x,a=http://y'],
    ['IBEX_CONSOLE_SERVICES', 'Not A Name=http://x'],
    ['IBEX_CONSOLE_ALLOWED_HOSTS', 'https://a.example'],
    ['IBEX_CONSOLE_ALLOWED_HOSTS', 'a.example/*'],
    ['IBEX_COLLECTOR_QUERY_URL', 'file:///etc/passwd'],
    ['IBEX_COLLECTOR_QUERY_URL', 'http://user@x'],
    ['IBEX_CONSOLE_SECURE_COOKIES', 'yes'],
    ['IBEX_CONSOLE_SESSION_IDLE_MS', '-1'],
    ['IBEX_CONSOLE_LOGINS_PER_MINUTE', '0'],
  ] as const) {
    it(`refuse ${key}=${value}, naming the variable`, () => {
      assert.throws(() => read({ [key]: value }), {
        name: 'SettingsError',
        message: new RegExp(`^${key} must be `),
      });
    });
  }

  it('never show a secret', () => {
    assert.throws(
      () => read({ IBEX_CONSOLE_LOGIN_CODE: 'short' }),
      (error: Error) => {
        assert.match(error.message, /IBEX_CONSOLE_LOGIN_CODE must be at least 16 characters long/);
        return !error.message.includes('short');
      },
    );
    assert.throws(() => read({ IBEX_COLLECTOR_QUERY_TOKEN: '' }), /IBEX_COLLECTOR_QUERY_TOKEN must be set/);
  });
});
