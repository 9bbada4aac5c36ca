import assert from 'node:assert/strict';
import { it } from 'node:test';
import { routes } from '@ibex/contract';
import { startConsole } from '../testing/test-console.ts';
import { readOperations } from './document.ts';
import { routeOf } from './register.ts';

/** What is served besides the API: the web app's files and what every service has. */
const otherRoutes = ['/*', '/assets/*', '/admin/ops', '/healthz', '/readyz', '/metrics'];

it('serves every operation of api/openapi/console.yaml, and no API beyond it', async () => {
  await using console = await startConsole();
  const registered = console.routes;
  const documented = readOperations().map(({ method, path }) => `${method} ${routeOf(path)}`);
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
  const open = readOperations().filter(({ needsSession }) => !needsSession);
  assert.deepEqual(
    open.map(({ id }) => id),
    ['login', 'loginWithCode'],
  );
  for (const { method, path } of readOperations().filter(({ needsSession }) => needsSession)) {
    const url = path.replace('{traceId}', 'a'.repeat(32)).replace('{name}', 'up');
    assert.equal((await console.send(url, { method })).status, 401, `${method} ${path}`);
  }
});
