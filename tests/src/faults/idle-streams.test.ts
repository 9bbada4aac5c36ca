import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { freePorts } from '../support/free-ports.ts';
import {
  assertNothingLeft,
  calmFootprint,
  openFilesLimit,
  residentBytes,
  scrape,
  type Watched,
} from './harness/footprint.ts';
import { type Gateway, startGateway } from './harness/gateway.ts';
import { IdleClients } from './harness/idle-clients.ts';

/** Files that are open anyway, and what one of the two proxies may get more than the other. */
const otherFiles = 500;
const unevenness = 1.1;
const mostStreams = Math.floor((openFilesLimit() - otherFiles) / unevenness);
/**
 * Each stream is an open file of the clients (this process), one of the model, and two of one of the proxies: all four need
 * about as many files as there are streams. Fewer where the limit (`ulimit -Hn`) does not allow so many.
 */
const streams = Number(process.env.IBEX_TEST_IDLE_STREAMS ?? Math.min(10_000, mostStreams));
/** Begun first, so that every process has served some. */
const first = 50;
/** Measured: 57 KiB at 2,000 streams, 48 KiB at 10,000, 47 KiB at 12,000. */
const mostBytesPerStream = 120 * 1024;
const kibibyte = 1024;
const modelScript = new URL('./harness/silent-model.ts', import.meta.url);
const inFlight = 'ibex_proxy_calls_in_flight';

async function startModel(): Promise<{ model: ChildProcess; origin: string }> {
  const model = fork(modelScript);
  const [{ origin }] = (await once(model, 'message')) as [{ origin: string }];
  return { model, origin };
}

async function start(origin: string, ports: readonly [number, number, number]) {
  const [port, one, other] = ports.map(String) as [string, string, string];
  const provider = { name: 'acme', type: 'openai', base_url: `http://${origin}/v1`, api_key: 'sk-idle' };
  const gateway = await startGateway({
    config: {
      providers: [{ ...provider, models: ['acme-large'] }],
      // How long the streams wait depends on the machine: none of it counts as a stall.
      streaming: { stall_ms: 3_600_000 },
    },
    environment: {
      IBEX_PROXY_PORT: port,
      IBEX_PROXY_REUSE_PORT: 'true',
      IBEX_PROXY_METRICS_PORT: one,
      IBEX_PROXY_UPSTREAM_CONNECTIONS: '65535',
      IBEX_PROXY_UPSTREAM_IDLE_TIMEOUT_MS: '600000',
      IBEX_PROXY_UPSTREAM_TOTAL_TIMEOUT_MS: '600000',
      IBEX_PROXY_UPSTREAM_HEADERS_TIMEOUT_MS: '600000',
      IBEX_PROXY_UPSTREAM_CONNECT_TIMEOUT_MS: '60000',
    },
  });
  const sibling = await gateway.startSibling({ IBEX_PROXY_METRICS_PORT: other });
  const watched = (pid: number, metricsPort: string): Watched => ({
    pid,
    url: `http://127.0.0.1:${metricsPort}`,
    metricsApart: true,
  });
  return { gateway, proxies: [watched(gateway.proxy.pid, one), watched(sibling.pid, other)] };
}

describe(`${streams} streams whose model is silent, over two proxies on one port`, () => {
  let model: ChildProcess;
  let gateway: Gateway;
  let proxies: readonly Watched[] = [];
  let clients: IdleClients;

  before(async () => {
    const started = await startModel();
    model = started.model;
    const [port = 0, one = 0, other = 0] = await freePorts(3);
    ({ gateway, proxies } = await start(started.origin, [port, one, other]));
    clients = new IdleClients(gateway);
  });
  after(async () => {
    clients?.leave();
    await gateway?.stop();
    model?.disconnect();
  });

  async function endAll(): Promise<void> {
    const answer = once(model, 'message');
    model.send('end');
    await answer;
    await clients.untilEnded();
  }

  /** An amount of each proxy. */
  function amounts(metric: string, ...labels: readonly string[]): Promise<readonly number[]> {
    return Promise.all(proxies.map(async ({ url }) => (await scrape(url)).sum(metric, ...labels)));
  }

  async function chats(): Promise<void> {
    const answers = await Promise.all(Array.from({ length: first }, () => gateway.chat({ model: 'echo' })));
    assert.ok(answers.every(({ status }) => status === 200));
  }

  const resident = () => proxies.reduce((sum, { pid }) => sum + residentBytes(pid), 0);
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

  test('each holds little memory, others are served meanwhile, all end well, and nothing is left', async (context) => {
    await clients.open(first);
    await endAll();
    await chats();
    const before = await Promise.all(proxies.map(calmFootprint));
    const beforeBytes = resident();
    await clients.open(streams);
    const bytesPerStream = (resident() - beforeBytes) / streams;
    const counts = await amounts(inFlight);
    context.diagnostic(
      `${(bytesPerStream / kibibyte).toFixed(1)} KiB resident for each of ${streams} idle streams, ${counts.join(' and ')} in two processes`,
    );
    assert.equal(total(counts), streams);
    assert.ok(Math.min(...counts) > streams / 4, 'the system deals connections out among the processes');
    await chats();
    assert.ok(bytesPerStream < mostBytesPerStream, `${Math.round(bytesPerStream / kibibyte)} KiB for each`);
    await endAll();
    assert.equal(clients.ended, first + streams);
    for (const [index, footprint] of before.entries()) {
      await assertNothingLeft(proxies[index] as Watched, footprint);
    }
    assert.deepEqual(await amounts(inFlight), [0, 0]);
    const completed = await amounts(
      'ibex_proxy_stream_outcomes_total',
      'provider="acme",outcome="completed"',
    );
    assert.equal(total(completed), first + streams);
  });
});
