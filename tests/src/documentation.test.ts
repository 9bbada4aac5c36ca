import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

describe('documentation', () => {
  test('names every variable that a settings schema has', () => {
    const schemas = [
      ...globSync('services/**/src/config.ts', { cwd: root }),
      'packages/service/src/settings.ts',
      'cli/src/settings/ports.ts',
    ].filter((path) => !path.includes('node_modules'));
    const variables = schemas.flatMap(
      (path) => read(path).match(/\b(?:IBEX|OTEL|OPENAI|REDIS|DATABASE)_[A-Z_]+\b/g) ?? [],
    );
    assert.ok(variables.length > 30);
    const page = read('docs/configuration.md');
    assert.deepEqual(
      [...new Set(variables)].filter((variable) => !page.includes(`\`${variable}\``)),
      [],
    );
  });

  test('links only to files that exist', () => {
    const pages = globSync('{*.md,docs/**/*.md}', { cwd: root });
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
        .map(([, target = '']) => join(page, '..', target))
        .filter((target) => globSync(target, { cwd: root }).length === 0)
        .map((target) => `${page} → ${target}`),
    );
    assert.deepEqual(broken, []);
  });
});
