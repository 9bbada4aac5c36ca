import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readUpSettings } from './up-settings.ts';

function inDirectory(run: (directory: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-settings-'));
  try {
    run(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('data is kept in .ibex of the working directory', () => {
  inDirectory((directory) => {
    assert.equal(readUpSettings({}, directory).dataDirectory, join(directory, '.ibex'));
    assert.equal(readUpSettings({ IBEX_DATA_DIR: 'here' }, directory).dataDirectory, join(directory, 'here'));
  });
});

test('the environment is OTEL_DEPLOYMENT_ENVIRONMENT, else IBEX_ENV, else development', () => {
  const environmentOf = (environment: NodeJS.ProcessEnv) =>
    readUpSettings(environment, '/').deploymentEnvironment;
  assert.equal(environmentOf({ OTEL_DEPLOYMENT_ENVIRONMENT: 'a', IBEX_ENV: 'b' }), 'a');
  assert.equal(environmentOf({ OTEL_DEPLOYMENT_ENVIRONMENT: '', IBEX_ENV: 'b' }), 'b');
  assert.equal(environmentOf({}), 'development');
});

test('every request is traced unless the user chose otherwise', () => {
  assert.equal(readUpSettings({}, '/').sampleRatio, undefined);
  assert.equal(readUpSettings({ OTEL_SAMPLE_RATIO: '0.01' }, '/').sampleRatio, '0.01');
});

test('config.yaml of the working directory is found; IBEX_CONFIG goes before it', () => {
  inDirectory((directory) => {
    assert.equal(readUpSettings({}, directory).configFile, undefined);
    writeFileSync(join(directory, 'config.yaml'), '');
    writeFileSync(join(directory, 'other.yaml'), '');
    assert.equal(readUpSettings({}, directory).configFile, join(directory, 'config.yaml'));
    assert.equal(
      readUpSettings({ IBEX_CONFIG: 'other.yaml' }, directory).configFile,
      join(directory, 'other.yaml'),
    );
  });
});

test('an IBEX_CONFIG that is not there is refused', () => {
  inDirectory((directory) => {
    assert.throws(() => readUpSettings({ IBEX_CONFIG: 'none.yaml' }, directory), {
      name: 'UserError',
      message: new RegExp(
        `^IBEX_CONFIG must name a file that exists: there is no ${directory}/none\\.yaml\\.`,
      ),
    });
  });
});
