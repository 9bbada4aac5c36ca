import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import type { Announcement } from './keep-bus.ts';
import { keepSubject, NatsKeepBus } from './nats-keep-bus.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const hasServer = spawnSync('nats-server', ['--version']).status === 0;
const skip = hasServer ? false : 'nats-server is not installed';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A real server, which ends with the test. */
async function startServer(context: TestContext, port: number): Promise<ChildProcess> {
  const child = spawn(
    'nats-server',
    ['-a', '127.0.0.1', '-p', String(port), '--user', 'me', '--pass', 'a b'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  context.after(() => child.kill('SIGKILL'));
  let text = '';
  for await (const chunk of child.stderr) {
    text += String(chunk);
    if (text.includes('Server is ready')) break;
  }
  return child;
}

function startBus(context: TestContext, port: number) {
  const counts = { sent: 0, received: 0, dropped: {} as Record<string, number | undefined> };
  const heard: Announcement[] = [];
  const bus = new NatsKeepBus({
    url: `nats://me:a%20b@127.0.0.1:${port}`,
    observer: {
      onSent: (count) => {
        counts.sent += count;
      },
      onReceived: () => {
        counts.received++;
      },
      onDropped: (count, reason) => {
        counts.dropped[reason] = (counts.dropped[reason] ?? 0) + count;
      },
    },
    onUnusable: (error) => assert.fail(String(error)),
  });
  bus.subscribe((announcement) => heard.push(announcement));
  context.after(() => bus.close(100));
  return { bus, counts, heard };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not come about within 15 s');
    await delay(10);
  }
}

describe('the bus over NATS', { skip }, () => {
  test('waits for the server, passes announcements on, and comes back after it was away', async (context) => {
    const port = await freePort();
    const [first, second] = [startBus(context, port), startBus(context, port)];
    first.bus.announce(traceId, 'error');
    await delay(50);
    assert.equal(first.counts.sent, 0);
    const server = await startServer(context, port);
    await until(() => first.counts.sent === 1);
    await until(() => {
      second.bus.announce(traceId, 'slow');
      return first.heard.some(({ reason }) => reason === 'slow');
    });
    server.kill('SIGKILL');
    await once(server, 'exit');
    await delay(100);
    const { sent } = first.counts;
    first.bus.announce(traceId, 'marked:away');
    assert.equal(first.counts.sent, sent, 'it waits');
    await startServer(context, port);
    await until(() => first.counts.sent === sent + 1);
    await until(() => {
      first.bus.announce(traceId, 'marked:back');
      return second.heard.some(({ reason }) => reason === 'marked:back');
    });
  });

  test('counts messages that are none, and holds a bounded number', async (context) => {
    const port = await freePort();
    const { bus, counts, heard } = startBus(context, port);
    for (let index = 0; index < 5_000; index++) bus.announce(traceId, 'error');
    assert.equal(counts.dropped.queue_full, 5_000 - 4_096);
    await startServer(context, port);
    await until(() => counts.received === 4_096);
    const stranger = await connect({ servers: `127.0.0.1:${port}`, user: 'me', pass: 'a b' });
    context.after(() => stranger.close());
    stranger.publish(keepSubject, 'nonsense');
    await until(() => counts.dropped.malformed === 1);
    assert.equal(heard.length, 4_096);
    await bus.close(1_000);
    bus.announce(traceId, 'error');
    assert.equal(counts.dropped.stopping, 1);
  });
});
