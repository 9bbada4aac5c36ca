import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { answersIn, openRaw } from './harness/client.ts';
import { type Gateway, startGateway } from './harness/gateway.ts';

const crowd = 100;
const everyMs = 50;

describe('clients that are slow on purpose (slowloris)', () => {
  let gateway: Gateway;

  before(async () => {
    gateway = await startGateway({
      environment: { IBEX_PROXY_HEADERS_TIMEOUT_MS: '1000', IBEX_PROXY_BODY_TIMEOUT_MS: '1000' },
    });
  });
  after(() => gateway?.stop());

  const post = (length: number) =>
    'POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
    `Authorization: Bearer ${gateway.apiKey}\r\nContent-Length: ${length}\r\n\r\n`;

  /** What comes at once, and what comes again and again. */
  const slow: readonly { name: string; first: () => string; more: string; status: number }[] = [
    { name: 'say nothing', first: () => '', more: '', status: 408 },
    {
      name: 'send their headers bit by bit',
      first: () => 'GET /v1/models HTTP/1.1\r\n',
      more: 'X: y\r\n',
      status: 408,
    },
    { name: 'send an empty line now and then', first: () => '', more: '\r\n', status: 408 },
    { name: 'send their body byte by byte', first: () => post(1000), more: ' ', status: 408 },
    {
      name: 'send their body byte by byte, unasked',
      first: () => post(1000).replace('Authorization', 'X-Authorization'),
      more: ' ',
      status: 401,
    },
  ];

  /** Resolves when the gateway has closed the connection. */
  async function dawdle(first: string, more: string): Promise<string> {
    const client = await openRaw(gateway.url);
    client.socket.write(first);
    const timer = setInterval(() => client.socket.write(more), everyMs);
    const text = await client.closed;
    clearInterval(timer);
    return text;
  }

  for (const { name, first, more, status } of slow) {
    test(`${crowd} that ${name} are answered ${status} and sent away, and hinder nobody`, async () => {
      const before = (await gateway.metrics()).sum('ibex_proxy_calls_in_flight');
      const slowOnes = Promise.all(Array.from({ length: crowd }, () => dawdle(first(), more)));
      for (let asked = 0; asked < 5; asked += 1) {
        assert.equal((await gateway.chat({ model: 'echo' })).status, 200);
      }
      for (const text of await slowOnes) {
        assert.deepEqual(
          answersIn(text).map((answer) => answer.status),
          [status],
        );
      }
      assert.equal((await gateway.metrics()).sum('ibex_proxy_calls_in_flight'), before);
      await gateway.leavesNothing(() => dawdle(first(), more));
    });
  }
});
