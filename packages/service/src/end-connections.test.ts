import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { startServer } from './testing/start-server.ts';

const wholeRequest = 'GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n';

/** A connection with all that has come over it. */
function open(url: string): { socket: Socket; text: () => string; closed: Promise<unknown> } {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  return { socket, text: () => text, closed: once(socket, 'close') };
}

/** A route that answers once it is let. */
function heldBack() {
  const entered = Promise.withResolvers<void>();
  const leave = Promise.withResolvers<void>();
  const addRoutes = (app: FastifyInstance) =>
    app.get('/v1/models', async () => {
      entered.resolve();
      await leave.promise;
      return 'answered';
    });
  return { addRoutes, entered: entered.promise, leave: leave.resolve };
}

test('a connection without a request does not keep a server that closes', async (context) => {
  const { app, url } = await startServer(context);
  const connections = ['', 'GET /healthz HTTP/1.1\r\nHo'].map((begun) => {
    const connection = open(url);
    connection.socket.write(begun);
    return connection;
  });
  await Promise.all(connections.map(({ socket }) => once(socket, 'connect')));
  // It stays open until the server has seen them.
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  await app.close();
  await Promise.all(connections.map(({ closed }) => closed));
});

test('nor does one that becomes idle only then, and its answer is whole', async (context) => {
  const { addRoutes, entered, leave } = heldBack();
  const { app, url } = await startServer(context, { addRoutes });
  const { socket, text, closed } = open(url);
  socket.write(wholeRequest);
  await entered;
  const closing = app.close();
  leave();
  await closing;
  await closed;
  assert.match(text(), /answered$/);
});

test('one whose request comes while the server closes is answered', async (context) => {
  const { addRoutes, entered, leave } = heldBack();
  const { app, url } = await startServer(context, { addRoutes });
  const late = open(url);
  await once(late.socket, 'connect');
  const first = open(url);
  first.socket.write(wholeRequest);
  await entered;
  const closing = app.close();
  leave();
  late.socket.write(wholeRequest);
  await closing;
  await late.closed;
  assert.match(late.text(), /^HTTP\/1\.1 200 [\s\S]*connection: close[\s\S]*answered$/i);
});
