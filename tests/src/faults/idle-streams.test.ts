import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { assertNothingLeft, calmFootprint, residentBytes } from './harness/footprint.ts';
import { type Gateway, startGateway } from './harness/gateway.ts';
import { chunk, doneEvent, startStream } from './harness/upstream.ts';

/** CI's number. IBEX_TEST_IDLE_STREAMS=10000 needs 20,200 descriptors (`ulimit -n`): each stream is two of the proxy's. */
const streams = Number(process.env.IBEX_TEST_IDLE_STREAMS ?? 2_000);
const perBatch = 100;
/** Measured: 83 KiB at 2,000 streams, 48 KiB at 9,900, which share what grows by steps. */
const mostBytesPerStream = 160 * 1024;
const kibibyte = 1024;

describe(`${streams} streams whose model is silent`, () => {
  let gateway: Gateway;
  const waiting: ServerResponse[] = [];
  const clients: Socket[] = [];
  let ended = 0;

  before(async () => {
    gateway = await startGateway({
      // How long the streams wait depends on the machine: none of it counts as a stall.
      config: { streaming: { stall_ms: 3_600_000 } },
      environment: {
        IBEX_PROXY_UPSTREAM_CONNECTIONS: '65535',
        IBEX_PROXY_UPSTREAM_IDLE_TIMEOUT_MS: '600000',
        IBEX_PROXY_UPSTREAM_TOTAL_TIMEOUT_MS: '600000',
        IBEX_PROXY_UPSTREAM_HEADERS_TIMEOUT_MS: '600000',
        IBEX_PROXY_UPSTREAM_CONNECT_TIMEOUT_MS: '60000',
      },
    });
    gateway.upstream.behave = (response) => {
      startStream(response).write(chunk('Hello'));
      waiting.push(response);
    };
  });
  after(async () => {
    for (const client of clients) client.destroy();
    await gateway?.stop();
  });

  /** A stream that has begun, on a connection from one of several addresses: each has ports of its own. */
  async function begin(index: number): Promise<void> {
    const body = JSON.stringify({
      model: 'acme-large',
      stream: true,
      messages: [{ role: 'user', content: 'hi' }],
    });
    const client = connect({
      port: Number(new URL(gateway.url).port),
      host: '127.0.0.1',
      localAddress: `127.0.0.${2 + (index % 4)}`,
    });
    clients.push(client);
    let begun: (() => void) | undefined;
    let tail = '';
    client.on('data', (data) => {
      tail = (tail + data.toString()).slice(-500);
      if (begun !== undefined && tail.includes('Hello')) {
        begun();
        begun = undefined;
      }
      if (tail.includes(doneEvent)) {
        ended += 1;
        client.destroy();
      }
    });
    await new Promise<void>((resolve, reject) => {
      begun = resolve;
      client.once('error', reject);
      client.once('close', () => reject(new Error(`stream ${index} was closed: ${tail}`)));
      client.write(
        'POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
          `Authorization: Bearer ${gateway.apiKey}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    });
  }

  async function openAll(): Promise<void> {
    for (let opened = 0; opened < streams; opened += perBatch) {
      const count = Math.min(perBatch, streams - opened);
      await Promise.all(Array.from({ length: count }, (_, index) => begin(opened + index)));
    }
  }

  async function endAll(): Promise<void> {
    const count = waiting.length;
    const earlier = ended;
    for (const response of waiting.splice(0)) response.end(chunk(' you', 'stop') + doneEvent);
    await eventually(() => ended - earlier === count || undefined, {
      timeoutMs: 60_000,
      what: 'all streams ended',
    });
    clients.length = 0;
  }

  test('each holds little memory, others are served meanwhile, all end well, and nothing is left', async (context) => {
    const watched = { pid: gateway.proxy.pid, url: gateway.url };
    await begin(0);
    await endAll();
    await gateway.chat({ model: 'echo' });
    const before = await calmFootprint(watched);
    const beforeBytes = residentBytes(watched.pid);
    await openAll();
    const bytesPerStream = (residentBytes(watched.pid) - beforeBytes) / streams;
    context.diagnostic(
      `${(bytesPerStream / kibibyte).toFixed(1)} KiB resident for each of ${streams} idle streams`,
    );
    const metrics = await gateway.metrics();
    assert.equal(metrics.sum('ibex_proxy_calls_in_flight'), streams);
    assert.equal((await gateway.chat({ model: 'echo' })).status, 200);
    assert.ok(bytesPerStream < mostBytesPerStream, `${Math.round(bytesPerStream / kibibyte)} KiB for each`);
    await endAll();
    await assertNothingLeft(watched, before);
    const completed = 'ibex_proxy_stream_outcomes_total{provider="acme",outcome="completed"}';
    assert.equal((await gateway.metrics()).value(completed), streams + 1);
  });
});
