import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { formatAnnouncement } from './announcement-line.ts';
import { HttpKeepBus } from './http-keep-bus.ts';
import type { Announcement } from './keep-bus.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';

/** A server that takes announcements and holds streams open, as the collector does. */
class BusServer {
  readonly posts: string[] = [];
  readonly streams = new Set<ServerResponse>();
  readonly authorizations: (string | undefined)[] = [];
  /** What is answered to posts. */
  statusCode = 204;
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  async listen(port = 0): Promise<string> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  say(text: string): void {
    for (const stream of this.streams) stream.write(text);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.authorizations.push(request.headers.authorization);
    if (request.method === 'GET') {
      this.streams.add(response);
      response.once('close', () => this.streams.delete(response));
      response.writeHead(200).write('\n');
      return;
    }
    let body = '';
    for await (const chunk of request) body += String(chunk);
    this.posts.push(body);
    response.writeHead(this.statusCode).end();
  }
}

function startBus(context: TestContext, url: string) {
  const counts = { sent: 0, received: 0, dropped: {} as Record<string, number> };
  const heard: Announcement[] = [];
  const bus = new HttpKeepBus(
    { url, token: 'a-token' },
    {
      onSent: (count) => (counts.sent += count),
      onReceived: () => counts.received++,
      onDropped: (count, reason) => (counts.dropped[reason] = (counts.dropped[reason] ?? 0) + count),
    },
  );
  context.after(() => bus.close(100));
  return { bus, counts, heard, listen: () => bus.subscribe((announcement) => heard.push(announcement)) };
}

async function startServer(context: TestContext) {
  const server = new BusServer();
  context.after(() => server.close());
  return { server, url: await server.listen() };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not come about within 10 s');
    await delay(5);
  }
}

describe('announcing', () => {
  test('posts a line each, several at once, with the token', async (context) => {
    const { server, url } = await startServer(context);
    const { bus, counts } = startBus(context, url);
    bus.announce(traceId, 'error');
    bus.announce('f'.repeat(32), 'marked:odd');
    await until(() => counts.sent === 2);
    assert.deepEqual(server.posts, [
      `{"traceId":"${traceId}","reason":"error"}\n{"traceId":"${'f'.repeat(32)}","reason":"marked:odd"}\n`,
    ]);
    assert.deepEqual(server.authorizations, ['Bearer a-token']);
  });

  test('waits for a server that is not there, and sends when it comes', async (context) => {
    const { server, url } = await startServer(context);
    await server.close();
    const { bus, counts } = startBus(context, url);
    bus.announce(traceId, 'error');
    await delay(150);
    assert.equal(counts.sent, 0);
    const later = new BusServer();
    context.after(() => later.close());
    await later.listen(Number(new URL(url).port));
    await until(() => counts.sent === 1);
    assert.equal(later.posts.length, 1);
    assert.deepEqual(counts.dropped, {});
  });

  test('holds a bounded number, and counts what is beyond', async (context) => {
    const { server, url } = await startServer(context);
    await server.close();
    const { bus, counts } = startBus(context, url);
    for (let index = 0; index < 5_000; index++) bus.announce(traceId, 'error');
    assert.deepEqual(counts.dropped, { queue_full: 5_000 - 4_096 });
    await bus.close(20);
    assert.deepEqual(counts.dropped, { queue_full: 5_000 - 4_096, stopping: 4_096 });
    bus.announce(traceId, 'error');
    assert.equal(counts.dropped.stopping, 4_097);
  });

  test('drops what the server refuses, and tries again what it could not take', async (context) => {
    const { server, url } = await startServer(context);
    const { bus, counts } = startBus(context, url);
    server.statusCode = 401;
    bus.announce(traceId, 'error');
    await until(() => counts.dropped.send_failed === 1);
    server.statusCode = 503;
    bus.announce(traceId, 'slow');
    await until(() => server.posts.length === 2);
    server.statusCode = 204;
    await until(() => counts.sent === 1);
    assert.equal(server.posts.at(-1), formatAnnouncement({ traceId, reason: 'slow' }));
  });

  test('sends what waits when it is closed', async (context) => {
    const { server, url } = await startServer(context);
    const { bus, counts } = startBus(context, url);
    bus.announce(traceId, 'error');
    await bus.close(5_000);
    assert.equal(counts.sent, 1);
    assert.equal(server.posts.length, 1);
  });
});

describe('listening', () => {
  test('hears lines however they are cut, passes over empty ones, and counts what is none', async (context) => {
    const { server, url } = await startServer(context);
    const { counts, heard, listen } = startBus(context, url);
    listen();
    await until(() => server.streams.size === 1);
    const line = formatAnnouncement({ traceId, reason: 'slow' });
    server.say(`\n${line}${line.slice(0, 20)}`);
    await delay(20);
    server.say(`${line.slice(20)}not one\n{"traceId":"x","reason":"error"}\n`);
    await until(() => counts.dropped.malformed === 2);
    assert.deepEqual(heard, [
      { traceId, reason: 'slow' },
      { traceId, reason: 'slow' },
    ]);
    assert.equal(counts.received, 2);
  });

  test('comes back after the stream breaks, and after the server was away', async (context) => {
    const { server, url } = await startServer(context);
    const { heard, listen } = startBus(context, url);
    listen();
    await until(() => server.streams.size === 1);
    for (const stream of server.streams) stream.destroy();
    await until(() => server.streams.size === 1);
    for (const stream of server.streams) stream.end();
    await until(() => server.streams.size === 0);
    await until(() => server.streams.size === 1);
    await server.close();
    const later = new BusServer();
    context.after(() => later.close());
    await later.listen(Number(new URL(url).port));
    await until(() => later.streams.size === 1);
    later.say(formatAnnouncement({ traceId, reason: 'error' }));
    await until(() => heard.length === 1);
  });

  test('leaves a server that sends a line without end', async (context) => {
    const { server, url } = await startServer(context);
    const { listen } = startBus(context, url);
    listen();
    await until(() => server.streams.size === 1);
    const [first] = server.streams;
    server.say('x'.repeat(1_000));
    await until(() => first?.destroyed === true || !server.streams.has(first as ServerResponse));
    await until(() => server.streams.size === 1);
  });

  test('tells a listener no more once it has gone, and closes its connection', async (context) => {
    const { server, url } = await startServer(context);
    const { bus, heard, listen, counts } = startBus(context, url);
    const leave = listen();
    await until(() => server.streams.size === 1);
    leave();
    server.say(formatAnnouncement({ traceId, reason: 'error' }));
    await until(() => counts.received === 1);
    assert.deepEqual(heard, []);
    await bus.close(100);
    await until(() => server.streams.size === 0);
  });
});
