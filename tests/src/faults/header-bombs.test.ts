import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openRaw } from './harness/client.ts';
import { residentBytes } from './harness/footprint.ts';
import { type Gateway, startGateway } from './harness/gateway.ts';

const bombs: readonly (readonly [name: string, lines: string])[] = [
  ['one header of 20 kB', `X-Large: ${'x'.repeat(20_000)}\r\n`],
  ['one name of 20 kB', `X-${'x'.repeat(20_000)}: 1\r\n`],
  ['10,000 headers', Array.from({ length: 10_000 }, (_, index) => `X-${index}: 1\r\n`).join('')],
  ['10,000 times the same header', 'Cookie: a=b\r\n'.repeat(10_000)],
];

describe('a header bomb', () => {
  let gateway: Gateway;

  before(async () => {
    gateway = await startGateway();
  });
  after(() => gateway?.stop());

  for (const [name, lines] of bombs) {
    test(`${name}: 431 with a request id, and the connection is closed`, async () => {
      await gateway.leavesNothing(async () => {
        const answers = await gateway.sendRaw(`GET /v1/models HTTP/1.1\r\nHost: x\r\n${lines}\r\n`);
        assert.deepEqual(
          answers.map(({ status }) => status),
          [431],
        );
      });
    });
  }

  test('a URL of 20 kB: refused alike', async () => {
    const answers = await gateway.sendRaw(`GET /v1/models?${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [431],
    );
  });

  test('as many small headers as fit: served, and the most that are looked at is bounded', async () => {
    const lines = Array.from({ length: 900 }, (_, index) => `X-${index}: 1\r\n`).join('');
    const answers = await gateway.sendRaw(
      `GET /v1/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${gateway.apiKey}\r\n${lines}\r\n`,
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200],
    );
  });

  test('a bomb that never ends is not kept in memory', async () => {
    const before = residentBytes(gateway.proxy.pid);
    await gateway.leavesNothing(async () => {
      const client = await openRaw(gateway.url);
      client.socket.write('GET /v1/models HTTP/1.1\r\nHost: x\r\n');
      const pour = setInterval(() => client.socket.write(`X-More: ${'x'.repeat(60_000)}\r\n`), 1);
      await client.closed;
      clearInterval(pour);
    });
    assert.ok(residentBytes(gateway.proxy.pid) - before < 100 * 1024 * 1024);
  });
});
