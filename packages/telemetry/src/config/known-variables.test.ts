import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { telemetryVariables } from './known-variables.ts';

test('every variable the sources name is listed', () => {
  const root = join(import.meta.dirname, '..');
  const files = globSync('**/*.ts', { cwd: root, exclude: ['**/*.test.ts', '**/testing/**'] });
  const named = files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(/'((?:OTEL|IBEX|NATS|SENTRY)_[A-Z_]*[A-Z])'/g)].map(([, name = '']) => name);
  });
  assert.ok(named.length > 10);
  const unlisted = [...new Set(named)].filter((name) => !telemetryVariables.includes(name));
  assert.deepEqual(unlisted, [], 'add what is new to known-variables.ts, so that `ibex doctor` knows it');
});
