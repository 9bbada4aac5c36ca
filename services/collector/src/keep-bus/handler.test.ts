import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Announcement, HttpKeepBus } from '@ibex/telemetry/flight-recorder';
import { createKeepBusHandler } from './handler.ts';
import { KeepHub } from './hub.ts';

const token = 'the-token-of-the-bus';
const traceId = '0af7651916cd43dd8448eb211c80319c';
const line = `{"traceId":"${traceId}","reason":"error"}\n`;
const ndjson = { 'content-type': 'application/x-ndjson' };

async function startHub(context: TestContext, { token: required }: { token?: string } = {}) {
  const hub = new KeepHub();
  const handle = createKeepBusHandler({ hub, token: required });
  const server = createServer((request, response) => {
    if (!handle(request, response)) response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    hub.close();
    server.closeAllConnections();
    server.close();
  });
  return { hub, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not come about within 10 s');
    await delay(5);
  }
}

function startBus(context: TestContext, url: string, given: string | undefined = undefined) {
  const heard: Announcement[] = [];
  const dropped: string[] = [];
  const bus = new HttpKeepBus(
    { url, token: given },
    { onSent: () => {}, onReceived: () => {}, onDropped: (_count, reason) => dropped.push(reason) },
  );
  bus.subscribe((announcement) => heard.push(announcement));
  context.after(() => bus.close(100));
  return { bus, heard, dropped };
}

describe('the keep bus of the collector', () => {
  test('passes what one service announces to every service', async (context) => {
    const { hub, url } = await startHub(context);
    const [first, second] = [startBus(context, url), startBus(context, url)];
    await until(() => hub.subscriberCount === 2);
    first.bus.announce(traceId, 'marked:odd');
    await until(() => first.heard.length === 1 && second.heard.length === 1);
    assert.deepEqual(second.heard, [{ traceId, reason: 'marked:odd' }]);
  });

  test('repeats what was said to a service that comes late', async (context) => {
    const { hub, url } = await startHub(context);
    hub.announce([{ traceId, reason: 'slow' }]);
    const { heard } = startBus(context, url);
    await until(() => heard.length === 1);
    assert.deepEqual(heard, [{ traceId, reason: 'slow' }]);
  });

  test('repeats a bounded number', (context) => {
    const hub = new KeepHub();
    context.after(() => hub.close());
    for (let round = 0; round < 100; round++) {
      hub.announce(Array.from({ length: 100 }, () => ({ traceId, reason: 'error' as const })));
    }
    const pieces: string[] = [];
    hub.subscribe(
      (text) => pieces.push(text) > 0,
      () => {},
    );
    const lines = pieces.join('').split('\n');
    assert.equal(lines.filter((text) => text !== '').length, 4_096);
  });

  test('lets go of a listener that does not keep up, of those who leave, and of all when it closes', () => {
    const hub = new KeepHub();
    const ended: string[] = [];
    let isSlow = false;
    hub.subscribe(
      () => !isSlow,
      () => ended.push('slow'),
    );
    const leave = hub.subscribe(
      () => true,
      () => ended.push('left'),
    );
    hub.subscribe(
      () => true,
      () => ended.push('last'),
    );
    isSlow = true;
    hub.announce([{ traceId, reason: 'error' }]);
    leave?.();
    hub.close();
    assert.deepEqual(ended, ['slow', 'last']);
    assert.equal(hub.subscriberCount, 0);
  });

  test('has room for a bounded number of listeners', async (context) => {
    const { hub, url } = await startHub(context);
    for (let index = 0; index < 128; index++) {
      hub.subscribe(
        () => true,
        () => {},
      );
    }
    const response = await fetch(`${url}/internal/keep`);
    assert.equal(response.status, 503);
  });
});

describe('the keep bus refuses', () => {
  const refused: readonly [string, number, RequestInit][] = [
    ['what is no announcement', 400, { method: 'POST', headers: ndjson, body: `${line}nonsense\n` }],
    ['a made-up reason', 400, { method: 'POST', headers: ndjson, body: line.replace('error', 'because') }],
    ['a body that is too large', 413, { method: 'POST', headers: ndjson, body: line.repeat(2_000) }],
    ['another media type', 415, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: line }],
    ['a page in a browser', 403, { method: 'POST', headers: { ...ndjson, origin: 'http://x' }, body: line }],
    ['another method', 405, { method: 'DELETE' }],
  ];
  for (const [what, statusCode, request] of refused) {
    test(`${what} with ${statusCode}`, async (context) => {
      const { url } = await startHub(context);
      const response = await fetch(`${url}/internal/keep`, request);
      assert.equal(response.status, statusCode, await response.text());
    });
  }

  test('whoever has not the token, where there is one', async (context) => {
    const { hub, url } = await startHub(context, { token });
    for (const authorization of [undefined, 'Bearer wrong', token]) {
      const headers = { ...ndjson, ...(authorization === undefined ? {} : { authorization }) };
      const response = await fetch(`${url}/internal/keep`, { method: 'POST', headers, body: line });
      assert.equal(response.status, 401);
    }
    const stranger = startBus(context, url, 'wrong');
    stranger.bus.announce(traceId, 'error');
    await until(() => stranger.dropped.length === 1);
    assert.deepEqual(stranger.dropped, ['send_failed']);
    const known = startBus(context, url, token);
    await until(() => hub.subscriberCount === 1);
    known.bus.announce(traceId, 'error');
    await until(() => known.heard.length === 1);
    assert.deepEqual(stranger.heard, []);
  });
});
