import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { startGateway } from '../../testing/gateway.ts';

test('embeds texts: equal ones equally, as long as asked for, of length 1', async (context) => {
  const gateway = await startGateway(context);
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'good', maxRetries: 0 });
  const answer = await client.embeddings.create({
    model: 'echo',
    input: ['ibex', 'goat', 'ibex'],
    dimensions: 40,
  });
  const [first, second, third] = answer.data.map(({ embedding }) => embedding);
  assert.ok(first !== undefined && second !== undefined);
  assert.equal(first.length, 40);
  assert.deepEqual(first, third);
  assert.notDeepEqual(first, second);
  assert.ok(Math.abs(Math.hypot(...first) - 1) < 1e-5);
  assert.equal(answer.usage.prompt_tokens, 3);
  const plain = await client.embeddings.create({ model: 'echo', input: 'ibex', encoding_format: 'float' });
  assert.equal(plain.data[0]?.embedding.length, 256);
});
