import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import express, { type Express, type Request, type Response } from 'express';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import { expressErrors, expressTelemetry } from './express.ts';

const ok = (_request: Request, response: Response) => void response.send('ok');
const fail = () => {
  throw new Error('broken');
};

/** The routes recorded for these paths by an app, in order. */
async function routesOf(context: TestContext, build: (app: Express) => void, paths: readonly string[]) {
  const { telemetry, destination, exporter } = startTestTelemetry('proxy');
  const app = express().set('env', 'test');
  app.use(expressTelemetry(telemetry));
  build(app);
  app.use(expressErrors());
  const server = createServer(app as RequestListener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  context.after(() => server.close());
  for (const path of paths) await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  server.closeAllConnections();
  await telemetry.stop();
  const recorded = JSON.stringify([
    destination.lines,
    exporter.spans.map(({ name, attributes }) => [name, attributes]),
  ]);
  assert.ok(!recorded.includes('4711') && !recorded.includes('acme'), recorded);
  const ends = destination.lines.filter(({ msg }) => String(msg).startsWith('request '));
  return ends.map(({ route }) => route);
}

describe('the route of a request to Express', () => {
  test('is that of nested routers, with their parameters by name', async (context) => {
    const build = (app: Express) => {
      const items = express.Router().get('/:itemId', ok).get('/', ok);
      const carts = express.Router().use('/items', items);
      const users = express.Router({ mergeParams: true }).use('/:userId/carts/:cartId', carts);
      app.use('/api', express.Router().use('/orgs/:orgId/users', users));
    };
    const prefix = '/api/orgs/acme/users/4711/carts/4711/items';
    assert.deepEqual(await routesOf(context, build, [`${prefix}/4711`, prefix, `${prefix}/4711/more`]), [
      '/api/orgs/:orgId/users/:userId/carts/:cartId/items/:itemId',
      '/api/orgs/:orgId/users/:userId/carts/:cartId/items',
      'unmatched',
    ]);
  });

  test('names a RegExp by its source, also where a router is mounted at one', async (context) => {
    const build = (app: Express) => {
      app.get(/^\/files\/(.+)$/, ok);
      app.use(/^\/tenants\/[^/]+/, express.Router().get('/reports/:id', ok));
      app.use(/^\/people\/(?<name>[a-z]+)/, express.Router().get('/', ok));
    };
    const paths = ['/files/acme/4711', '/tenants/acme/reports/4711', '/tenants/acme', '/people/acme'];
    assert.deepEqual(await routesOf(context, build, paths), [
      '/^\\/files\\/(.+)$/',
      '/^\\/tenants\\/[^/]+//reports/:id',
      'unmatched',
      '/^\\/people\\/(?<name>[a-z]+)/',
    ]);
  });

  test('names every path of a list', async (context) => {
    const build = (app: Express) => {
      app.get(['/a/:id', '/b/:id'], ok);
      app.use(['/c/:id', /^\/d\/\w+/], express.Router().get('/x', ok));
    };
    assert.deepEqual(await routesOf(context, build, ['/a/4711', '/b/4711', '/c/4711/x', '/d/acme/x']), [
      '/a/:id|/b/:id',
      '/a/:id|/b/:id',
      '/c/:id/x',
      '/^\\/d\\/\\w+//x',
    ]);
  });

  test('is as it is written, however the path is: case, encoding, slashes, parameters that repeat a word', async (context) => {
    const build = (app: Express) => {
      app.use('/API', express.Router().get('/v1/:version', ok));
      app.use('/users/:name', express.Router().get('/users', ok));
      app.use('/files/*path', express.Router().get('/', ok));
    };
    const paths = [
      '/api/v1/v1',
      '/aPi/v1/4711/',
      '/users/users/users',
      '/users/ac%6De%204711/users',
      '/files/acme/4711',
    ];
    assert.deepEqual(await routesOf(context, build, paths), [
      '/API/v1/:version',
      '/API/v1/:version',
      '/users/:name/users',
      '/users/:name/users',
      '/files/*path',
    ]);
  });

  test('is that of the router that answered, where one passes on to another at the same path', async (context) => {
    const build = (app: Express) => {
      app.use('/orgs/:first', express.Router().get('/none', ok));
      app.use(express.Router().use('/orgs/:second', express.Router().get('/some', ok)));
      app.use('/:anything', (_request, _response, next) => next());
      app.use('/users', express.Router().get('/all', ok));
    };
    const routes = await routesOf(context, build, ['/orgs/acme/some', '/orgs/acme/none', '/users/all']);
    assert.deepEqual(routes, ['/orgs/:second/some', '/orgs/:first/none', '/users/all']);
  });

  test('is kept when a nested handler throws, and in an app that is mounted in another', async (context) => {
    const build = (app: Express) => {
      const inner = express().use('/deep/:id', express.Router().get('/throws', fail).get('/', ok));
      app.use('/apps/:app', inner);
    };
    assert.deepEqual(
      await routesOf(context, build, ['/apps/acme/deep/4711/throws', '/apps/acme/deep/4711']),
      ['/apps/:app/deep/:id/throws', '/apps/:app/deep/:id'],
    );
  });
});
