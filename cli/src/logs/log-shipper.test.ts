import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { afterEach, test } from 'node:test';
import { freePorts, until } from '../testing/workspace.ts';
import { LogShipper } from './log-shipper.ts';
import type { EncodedRecord } from './otlp.ts';

interface Answer {
  readonly status: number;
  readonly body?: string;
}

/** A collector that acknowledges what it is told to, and remembers it. */
class TestCollector {
  /** Answers to give, in order; 200 when there are none left. */
  answers: Answer[] = [];
  received: number[] = [];
  requests = 0;
  #server: Server | undefined;

  async listen(port: number): Promise<void> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.requests += 1;
        const { status, body = '{}' } = this.answers.shift() ?? { status: 200 };
        const text = Buffer.concat(chunks).toString();
        if (status === 200) this.received.push(...[...text.matchAll(/"n":(\d+)/g)].map(([, n]) => Number(n)));
        response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  }

  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}

const toClose: { close(): void }[] = [];

afterEach(() => {
  for (const item of toClose.splice(0)) item.close();
});

async function setUp(): Promise<{
  collector: TestCollector;
  shipper: LogShipper;
  losses: string[];
  port: number;
}> {
  const [port = 0] = await freePorts(1);
  const collector = new TestCollector();
  const losses: string[] = [];
  const shipper = new LogShipper({
    url: `http://127.0.0.1:${port}`,
    deploymentEnvironment: 'test',
    onLoss: (text) => losses.push(text),
  });
  toClose.push(shipper, collector);
  return { collector, shipper, losses, port };
}

function record(n: number, length = 0): EncodedRecord {
  return { service: 'proxy', json: JSON.stringify({ n, text: 'x'.repeat(length) }) };
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

test('records arrive once, in order, in bounded batches', async () => {
  const { collector, shipper, port } = await setUp();
  await collector.listen(port);
  for (const n of upTo(1_200)) shipper.add(record(n));
  assert.equal(await shipper.drain({ timeoutMs: 20_000 }), true);
  assert.deepEqual(collector.received, upTo(1_200));
  assert.equal(collector.requests, 3);
  assert.equal(shipper.waiting, 0);
});

test('a batch is bounded in size too', async () => {
  const { collector, shipper, port } = await setUp();
  await collector.listen(port);
  for (const n of upTo(5)) shipper.add(record(n, 600_000));
  assert.equal(await shipper.drain({ timeoutMs: 20_000 }), true);
  assert.deepEqual(collector.received, upTo(5));
  assert.equal(collector.requests, 5);
});

test('records wait for a collector that is not up yet', async () => {
  const { collector, shipper, port } = await setUp();
  for (const n of upTo(3)) shipper.add(record(n));
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(shipper.waiting, 3);
  await collector.listen(port);
  assert.equal(await shipper.drain({ timeoutMs: 20_000 }), true);
  assert.deepEqual(collector.received, upTo(3));
});

for (const status of [429, 502, 503, 504]) {
  test(`an answer of ${status} is tried again`, async () => {
    const { collector, shipper, port, losses } = await setUp();
    await collector.listen(port);
    collector.answers = [{ status }, { status }];
    shipper.add(record(0));
    assert.equal(await shipper.drain({ timeoutMs: 20_000 }), true);
    assert.deepEqual([collector.received, collector.requests, losses], [[0], 3, []]);
  });
}

test('a refused batch is not tried again, but counted and told', async () => {
  const { collector, shipper, port, losses } = await setUp();
  await collector.listen(port);
  collector.answers = [{ status: 400 }];
  for (const n of upTo(2)) shipper.add(record(n));
  await shipper.drain({ timeoutMs: 20_000 });
  shipper.close();
  assert.equal(collector.requests, 1);
  assert.equal(shipper.dropped, 2);
  assert.deepEqual(losses, ['2 log lines are not in the console: the collector refused them']);
});

test('records refused by a partial success are counted', async () => {
  const { collector, shipper, port } = await setUp();
  await collector.listen(port);
  collector.answers = [
    { status: 200, body: '{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"m"}}' },
  ];
  for (const n of upTo(3)) shipper.add(record(n));
  await shipper.drain({ timeoutMs: 20_000 });
  assert.equal(shipper.dropped, 1);
});

test('memory is bounded while there is no collector; what is lost is told', async () => {
  const { shipper, losses } = await setUp();
  for (const n of upTo(20_010)) shipper.add(record(n));
  assert.equal(shipper.waiting, 20_000);
  await until(
    () => losses.length > 0,
    () => 'the loss to be told',
  );
  assert.deepEqual(losses, [
    '10 log lines are not in the console: the collector did not keep up and the buffer is full',
  ]);
});

test('large records are bounded by their size', async () => {
  const { shipper } = await setUp();
  for (const n of upTo(20)) shipper.add(record(n, 1_000_000));
  assert.equal(shipper.waiting, 8);
  assert.equal(shipper.dropped, 12);
});

test('draining gives up in time, and what was not delivered is told', async () => {
  const { shipper, losses } = await setUp();
  shipper.add(record(0));
  assert.equal(await shipper.drain({ timeoutMs: 300 }), false);
  shipper.close();
  assert.deepEqual(losses, ['1 log line is not in the console: the collector did not answer before the end']);
});
