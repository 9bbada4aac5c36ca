import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGateway } from '../testing/gateway.ts';
import { startUpstream, upstreamConfig } from '../testing/upstream.ts';

test('a model that nobody configured has a name in metrics once it has answered, and not before', async (context) => {
  const upstream = await startUpstream(context);
  const gateway = await startGateway(context, { config: upstreamConfig(upstream, { models: ['*'] }) });
  const ask = (model: string) => gateway.post({ model, messages: [{ role: 'user', content: 'Hi' }] });
  const requests = (model: string, status: string) =>
    gateway.metric(
      `provider_requests_total{provider="acme",model="${model}",operation="generate",status="${status}"}`,
    );
  await (await ask('llama-4-scout')).text();
  assert.equal(await requests('other', 'ok'), 1);
  await (await ask('llama-4-scout')).text();
  assert.equal(await requests('llama-4-scout', 'ok'), 1);
  upstream.behave = (response) => response.writeHead(404).end('{"error":{"message":"no such model"}}');
  for (let index = 0; index < 3; index += 1) await (await ask('lama-4-scuot')).text();
  assert.equal(await requests('lama-4-scuot', 'rejected'), undefined);
  assert.equal(await requests('other', 'rejected'), 3);
});

test('names beyond the cap of the contract stay without one', async (context) => {
  const upstream = await startUpstream(context);
  const gateway = await startGateway(context, { config: upstreamConfig(upstream, { models: ['*'] }) });
  for (let index = 0; index < 60; index += 1) {
    const body = { model: `model-${index}`, messages: [{ role: 'user', content: 'Hi' }] };
    for (let again = 0; again < 2; again += 1) await (await gateway.post(body)).text();
  }
  const names = new Set(
    [...gateway.telemetry.metrics.exposition().matchAll(/^provider_requests_total\{.*model="([^"]*)"/gm)].map(
      ([, model]) => model,
    ),
  );
  assert.ok(names.size > 10 && names.size <= 33, `${names.size} names`);
});
