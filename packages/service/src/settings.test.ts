import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { z } from 'zod';
import { commonSettings, readSettings, settings } from './settings.ts';
import { SettingsError } from './settings-error.ts';

const directory = mkdtempSync(join(tmpdir(), 'ibex-settings-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const schema = z.object({
  ...commonSettings,
  PORT: settings.port(8080),
  NAME: settings.text('ibex'),
  SECRET: settings.secret({ minimumLength: 8 }),
  OPTIONAL_SECRET: settings.optionalSecret(),
  TIMEOUT_MS: settings.milliseconds(1_000),
  COUNT: settings.integer(3, { minimum: 1, maximum: 9 }),
  FLAG: settings.boolean(false),
  URL: settings.url('http://localhost:1'),
  OPTIONAL_URL: settings.optionalUrl(),
});
const required = { SECRET: 'long enough' };

function messageOf(environment: Record<string, string>): string {
  try {
    readSettings(schema, environment);
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    assert.ok(error.message.startsWith(error.setting), error.message);
    return error.message;
  }
  return 'no error';
}

describe('settings', () => {
  test('have defaults', () => {
    assert.deepEqual(readSettings(schema, required), {
      IBEX_HOST: '127.0.0.1',
      IBEX_STOP_TIMEOUT_MS: 4_000,
      IBEX_STOP_ON_STDIN_END: false,
      PORT: 8080,
      NAME: 'ibex',
      SECRET: 'long enough',
      TIMEOUT_MS: 1_000,
      COUNT: 3,
      FLAG: false,
      URL: 'http://localhost:1',
    });
  });

  test('come from variables, trimmed; an empty one is as if unset', () => {
    const environment = {
      ...required,
      PORT: ' 0 ',
      NAME: '',
      COUNT: '9',
      FLAG: 'true',
      IBEX_STOP_ON_STDIN_END: 'true',
    };
    const read = readSettings(schema, environment);
    assert.deepEqual([read.PORT, read.NAME, read.COUNT, read.FLAG], [0, 'ibex', 9, true]);
    assert.equal(read.IBEX_STOP_ON_STDIN_END, true);
  });

  test('come from the file that NAME_FILE names, unless the variable is set', () => {
    const file = join(directory, 'secret');
    writeFileSync(file, 'from the file\n');
    assert.equal(readSettings(schema, { SECRET_FILE: file }).SECRET, 'from the file');
    assert.equal(readSettings(schema, { ...required, SECRET_FILE: file }).SECRET, 'long enough');
    assert.match(
      messageOf({ SECRET_FILE: join(directory, 'missing') }),
      /^SECRET_FILE must name a readable file: ENOENT: no such file or directory, open '.*missing'$/,
    );
    assert.match(messageOf({ SECRET_FILE: directory }), /^SECRET_FILE must name a readable file: EISDIR/);
  });
});

describe('a setting that cannot be used is named with its rule and its value', () => {
  const cases: readonly (readonly [name: string, value: string, rest: string])[] = [
    ['PORT', '80x', 'must be a port between 0 and 65535: it is "80x"'],
    ['PORT', '65536', 'must be a port between 0 and 65535: it is "65536"'],
    ['PORT', '-1', 'must be a port between 0 and 65535: it is "-1"'],
    ['PORT', '1.5', 'must be a port between 0 and 65535: it is "1.5"'],
    ['TIMEOUT_MS', 'soon', 'must be a number: it is "soon"'],
    ['TIMEOUT_MS', '-5', 'must be 0 or more: it is "-5"'],
    ['TIMEOUT_MS', '1.5', 'must be a whole number: it is "1.5"'],
    ['COUNT', '0', 'must be 1 or more: it is "0"'],
    ['COUNT', '10', 'must be 9 or less: it is "10"'],
    ['FLAG', 'yes', 'must be one of true, false: it is "yes"'],
    ['URL', 'nowhere', 'must be a URL: it is "nowhere"'],
    ...['10.0.0.1,lb', '10.0.0.0/33', '0.0.0.0/0'].map(
      (value) =>
        [
          'IBEX_TRUSTED_PROXIES',
          value,
          `must be addresses and networks by comma, such as "10.0.0.0/8,fd00::7", at most 100 and none with a prefix of 0: it is "${value}"`,
        ] as const,
    ),
    ['IBEX_STOP_TIMEOUT_MS', 'x', 'must be a number: it is "x"'],
  ];
  for (const [name, value, rest] of cases) {
    test(`${name}=${value}`, () =>
      assert.equal(messageOf({ ...required, [name]: value }), `${name} ${rest}`));
  }

  test('one that is missing says how it can be given', () => {
    assert.equal(
      messageOf({}),
      'SECRET must be set: it is missing. Set it, or name a file that holds it in SECRET_FILE.',
    );
  });

  test('a secret is never shown, and neither is what may hold one', () => {
    assert.equal(
      messageOf({ SECRET: 'canary' }),
      'SECRET must be at least 8 characters long: it is (not shown)',
    );
    assert.equal(
      messageOf({ ...required, OPTIONAL_URL: 'postgres//u:canary@host' }),
      'OPTIONAL_URL must be a URL: it is (not shown)',
    );
  });

  test('a long value is cut', () => {
    assert.ok(messageOf({ ...required, PORT: 'x'.repeat(10_000) }).length < 300);
  });
});
