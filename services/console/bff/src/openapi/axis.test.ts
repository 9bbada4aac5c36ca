import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { consoleOperations } from '@ibex/api/console-operations';
import { routes } from '@ibex/contract';
import { parse } from 'yaml';
import { startConsole } from '../testing/test-console.ts';
import { routeOf } from './register.ts';

const documentPath = fileURLToPath(new URL('../../../../../api/openapi/console.yaml', import.meta.url));
const verbs = ['get', 'post', 'put', 'patch', 'delete'];

/** What is served besides the API: the web app's files and what every service has. */
const otherRoutes = ['/*', '/assets/*', '/admin/ops', '/healthz', '/readyz', '/metrics'];

/** Every operation as the document itself has it, as `METHOD /path` in the router's spelling. */
function documentedRoutes(): string[] {
  const { paths } = parse(readFileSync(documentPath, 'utf8')) as { paths: Record<string, object> };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((verb) => verbs.includes(verb))
      .map((verb) => `${verb.toUpperCase()} ${routeOf(path)}`),
  );
}

it('serves every operation of api/openapi/console.yaml, and no API beyond it', async () => {
  await using console = await startConsole();
  const registered = console.routes;
  const documented = documentedRoutes();
  assert.ok(documented.length >= 12);
  assert.deepEqual(
    documented.filter((route) => !registered.includes(route)),
    [],
    'documented, but not served',
  );
  const other = otherRoutes.flatMap((path) => [`GET ${path}`, `HEAD ${path}`]);
  assert.deepEqual(
    registered.filter((route) => !documented.includes(route) && !other.includes(route)),
    [],
    'served, but not documented',
  );
});

it("has every route among the contract's routes, so that each is counted under its own name", async () => {
  const known: readonly string[] = routes.console;
  await using console = await startConsole();
  const paths = new Set(console.routes.map((route) => route.slice(route.indexOf(' ') + 1)));
  assert.deepEqual(
    [...paths].filter((path) => !known.includes(path)),
    [],
  );
});

it('asks for a session wherever the document does', async () => {
  await using console = await startConsole();
  const open = consoleOperations.filter(({ isSecured }) => !isSecured);
  assert.deepEqual(
    open.map(({ id }) => id),
    ['login', 'loginWithCode'],
  );
  for (const { method, path } of consoleOperations.filter(({ isSecured }) => isSecured)) {
    const url = path.replace('{traceId}', 'a'.repeat(32)).replace('{name}', 'up');
    assert.equal((await console.send(url, { method })).status, 401, `${method} ${path}`);
  }
});
