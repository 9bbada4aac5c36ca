import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { startGateway } from '../../testing/gateway.ts';
import { startUpstream } from '../../testing/upstream.ts';

test('asks a deployment for chats and streams, with the key in the header that Azure reads', async (context) => {
  const upstream = await startUpstream(context);
  const provider = {
    ...{ name: 'azure', type: 'azure', base_url: upstream.baseUrl.replace('/v1', '/openai') },
    ...{ api_key: 'azure-secret-key', models: ['our-gpt-4o'], api_version: '2025-03-01-preview' },
  };
  const gateway = await startGateway(context, { config: { providers: [provider] } });
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'good', maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: 'Hi' }];
  const completion = await client.chat.completions.create({ model: 'our-gpt-4o', messages });
  assert.equal(completion.choices[0]?.message.content, 'Hello! How can I help?');
  const streamed = await client.chat.completions.stream({ model: 'our-gpt-4o', messages }).finalContent();
  assert.equal(streamed, 'Hello! Grüße 👋');
  for (const { path, headers } of upstream.calls) {
    assert.equal(path, '/openai/deployments/our-gpt-4o/chat/completions?api-version=2025-03-01-preview');
    assert.equal(headers['api-key'], 'azure-secret-key');
    assert.equal(headers.authorization, undefined);
  }
});
