import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { readConfigFile } from './config-file.ts';
import { SettingsError } from './settings-error.ts';

const directory = mkdtempSync(join(tmpdir(), 'ibex-config-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const path = join(directory, 'config.yaml');

function read(text: string): Promise<Readonly<Record<string, unknown>>> {
  writeFileSync(path, text);
  return readConfigFile(path);
}

async function messageOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    assert.equal(error.setting, 'IBEX_CONFIG');
    assert.equal(error.message.includes('\n'), false);
    return error.message;
  }
  return 'no error';
}

describe('a config file', () => {
  test('is a table', async () => {
    const text = 'observability:\n  enabled: true\n  metrics: { path: /metrics }\nx-models: [a, b]\n';
    assert.deepEqual(await read(text), {
      observability: { enabled: true, metrics: { path: '/metrics' } },
      'x-models': ['a', 'b'],
    });
  });

  test('may be empty, and may use a few aliases', async () => {
    assert.deepEqual(await read(''), {});
    assert.deepEqual(await read('# only a comment\n'), {});
    assert.deepEqual(await read('x-a: &x {k: 1}\nx-b: *x\n'), { 'x-a': { k: 1 }, 'x-b': { k: 1 } });
  });

  test('is not read as code', async () => {
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    const value = await read('x-own: { __proto__: { polluted: true } }\n');
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    assert.equal(Object.getPrototypeOf(value['x-own']), Object.prototype);
    await assert.rejects(
      read('__proto__: { polluted: true }\n'),
      /^SettingsError: __proto__ in config.yaml is no section/,
    );
  });
});

describe('what is wrong with a file is said on one line', () => {
  test('it is missing, or no file', async () => {
    const missing = join(directory, 'missing.yaml');
    assert.equal(
      await messageOf(() => readConfigFile(missing)),
      `IBEX_CONFIG must name a readable file: ENOENT: no such file or directory, stat '${missing}'`,
    );
    assert.match(
      await messageOf(() => readConfigFile(directory)),
      /^IBEX_CONFIG must name a readable file: EISDIR/,
    );
  });

  test('it is no YAML, with place and without what stands there', async () => {
    const message = await messageOf(() => read('api_key: canary\n  wrong: [indent\n'));
    assert.match(message, /config\.yaml is not valid YAML: .* at line \d+, column \d+$/);
    assert.equal(message.includes('canary'), false);
    assert.match(await messageOf(() => read('a: 1\na: 2\n')), /Map keys must be unique at line 2, column 1$/);
    assert.match(await messageOf(() => read('a: *nowhere\n')), /is not valid YAML: /);
    assert.match(await messageOf(() => read('a: 1\n---\nb: 2\n')), /is not valid YAML: /);
  });

  test('it is a list or a text', async () => {
    assert.equal(await messageOf(() => read('- a\n')), `${path} must be a table of settings: it is a list`);
    assert.equal(
      await messageOf(() => read('text\n')),
      `${path} must be a table of settings: it is a string`,
    );
  });

  test('it has a section that there is not', async () => {
    await assert.rejects(read('pricess: { gpt-4o: { input: 2.5 } }\n'), (error) => {
      assert.ok(error instanceof SettingsError && error.setting === 'pricess');
      assert.equal(
        error.message,
        'pricess in config.yaml is no section: it must be one of observability, providers, routing, routes, streaming, prices, or begin with x- to be left alone.',
      );
      return true;
    });
  });

  test('it is too large', async () => {
    assert.equal(
      await messageOf(() => read(`a: ${'x'.repeat(1024 * 1024)}`)),
      `IBEX_CONFIG must name a readable file: ${path} has 1048579 bytes, more than 1048576`,
    );
  });

  test('its aliases blow it up', async () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const items = level === 0 ? Array(10).fill('x') : Array(10).fill(`*a${level - 1}`);
      return `a${level}: &a${level} [${items.join(', ')}]`;
    });
    assert.match(
      await messageOf(() => read(levels.join('\n'))),
      /is not valid YAML: Excessive alias count indicates a resource exhaustion attack$/,
    );
  });

  test('it is nested beyond reason', async () => {
    assert.match(await messageOf(() => read('['.repeat(200_000))), /is not valid YAML: /);
  });
});
