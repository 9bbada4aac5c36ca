import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startGateway, until } from '../testing/gateway.ts';
import {
  doneLine,
  recordedChunks,
  startEvents,
  startUpstream,
  upstreamConfig,
  wire,
} from '../testing/upstream.ts';

const chat = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] };

async function start(context: TestContext) {
  const [before, after] = [await startUpstream(context), await startUpstream(context)];
  const directory = mkdtempSync(join(tmpdir(), 'ibex-reload-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'config.yaml');
  // JSON is YAML.
  const write = (config: unknown) => writeFileSync(path, JSON.stringify(config));
  const gateway = await startGateway(context, {
    config: upstreamConfig(before),
    environment: { IBEX_CONFIG: path },
  });
  const reloads = (result: string) => gateway.metric(`ibex_proxy_config_reloads_total{result="${result}"}`);
  return { gateway, before, after, write, reloads };
}

test('at SIGHUP new requests go to the new providers, calls under way end with the old ones', async (context) => {
  const { gateway, before, after, write, reloads } = await start(context);
  const finish = Promise.withResolvers<void>();
  before.behave = async (response) => {
    startEvents(response);
    response.write(wire(recordedChunks.slice(0, 3)));
    await finish.promise;
    response.end(wire(recordedChunks.slice(3)) + doneLine);
  };
  const streamed = await gateway.post({ ...chat, stream: true });
  write({ ...upstreamConfig(after, { models: ['gpt-4o-mini', 'brand-new'] }) });
  process.emit('SIGHUP');
  await until(async () => (await reloads('applied')) === 1);
  assert.equal((await gateway.post(chat)).status, 200);
  assert.equal((await gateway.post({ ...chat, model: 'brand-new' })).status, 200);
  assert.equal(after.calls.length, 2);
  finish.resolve();
  assert.equal(await streamed.text(), wire(recordedChunks.slice(0, -1)) + doneLine);
  assert.equal(before.calls.length, 1);
  const series =
    'provider_requests_total{provider="acme",model="brand-new",operation="generate",status="ok"}';
  assert.equal(await gateway.metric(series), 1);
});

test('a file that is wrong changes nothing, and is told of', async (context) => {
  const { gateway, before, write, reloads } = await start(context);
  const wrong: readonly [unknown, string][] = [
    [
      { ...upstreamConfig(before), routes: [{ model: 'm', targets: [{ provider: 'nobody' }] }] },
      'routes[0].targets[0].provider',
    ],
    [{ ...upstreamConfig(before), streaming: { keep_alive_ms: 'often' } }, 'streaming.keep_alive_ms'],
    [{ ...upstreamConfig(before), prices: { 'acme-*': { input: 'free' } } }, 'prices.acme-*.input'],
    [['a', 'list'], 'IBEX_CONFIG'],
    [{}, 'IBEX_CONFIG'],
    [{ ...upstreamConfig(before), pricess: {} }, 'pricess'],
    [
      { ...upstreamConfig(before), observability: { tracing: { sampler: { type: 'sometimes' } } } },
      'observability.tracing.sampler.type',
    ],
  ];
  for (const [index, [config, setting]] of wrong.entries()) {
    write(config);
    process.emit('SIGHUP');
    await until(async () => (await reloads('refused')) === index + 1);
    const line = gateway.destination.lines.findLast(({ level }) => level === 'ERROR');
    assert.equal(line?.setting, setting);
    assert.equal((await gateway.post(chat)).status, 200);
  }
  assert.equal(await reloads('applied'), undefined);
});

test('what is read at the start alone is not taken without a word', async (context) => {
  const { gateway, before, write, reloads } = await start(context);
  const warnings = () =>
    gateway.destination.lines.filter(({ msg }) =>
      String(msg).startsWith('observability is read at the start'),
    );
  write(upstreamConfig(before));
  process.emit('SIGHUP');
  await until(async () => (await reloads('applied')) === 1);
  assert.deepEqual(warnings(), []);
  write({ ...upstreamConfig(before), observability: { tracing: { sampler: { type: 'always' } } } });
  process.emit('SIGHUP');
  await until(async () => (await reloads('applied')) === 2);
  assert.deepEqual(
    warnings().map(({ level, setting }) => [level, setting]),
    [['WARN', 'observability']],
  );
});

test('circuits of providers that are gone are no series any more, also when a call of theirs ends later', async (context) => {
  const { gateway, before, after, write, reloads } = await start(context);
  const circuit = { failures: 1, open_ms: 60_000 };
  const routed = (provider: string, upstream: typeof before) => ({
    ...upstreamConfig(upstream, { name: provider }),
    routes: [{ model: 'gpt-4o-mini', targets: [{ provider }], circuit }],
  });
  const states = (provider: string) =>
    gateway.telemetry.metrics
      .exposition()
      .split('\n')
      .filter((line) => line.startsWith('ibex_proxy_provider_circuit_state{') && line.includes(provider));

  write(routed('acme', before));
  process.emit('SIGHUP');
  await until(async () => (await reloads('applied')) === 1);
  const fail = Promise.withResolvers<void>();
  before.behave = async (response) => {
    await fail.promise;
    response.writeHead(500).end();
  };
  const late = gateway.post(chat);
  await until(() => before.calls.length === 1);
  assert.equal(states('acme').length, 3);

  write(routed('other-vendor', after));
  process.emit('SIGHUP');
  await until(async () => (await reloads('applied')) === 2);
  assert.deepEqual(states('acme'), []);
  fail.resolve();
  assert.equal((await late).status, 502);
  assert.deepEqual(states('acme'), []);
  assert.equal((await gateway.post(chat)).status, 200);
  assert.deepEqual(
    states('other-vendor').map((line) => /state="(\w+)"\} (\d)$/.exec(line)?.slice(1)),
    [
      ['closed', '1'],
      ['open', '0'],
      ['half_open', '0'],
    ],
  );
});
