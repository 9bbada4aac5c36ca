import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { embed, generateText, streamText } from 'ai';
import { startGateway } from '../testing/gateway.ts';

test('the Vercel AI SDK completes, streams and embeds over either API', async (context) => {
  const { url } = await startGateway(context);
  const openai = createOpenAI({ baseURL: `${url}/v1`, apiKey: 'good' });
  const anthropic = createAnthropic({ baseURL: `${url}/v1`, apiKey: 'good' });
  const prompt = 'Hello there, gateway';
  for (const model of [openai.chat('echo'), anthropic('echo')]) {
    const whole = await generateText({ model, prompt, maxRetries: 0 });
    assert.equal(whole.text, prompt);
    assert.ok((whole.usage.inputTokens ?? 0) > 0);
    const stream = streamText({ model, prompt, maxRetries: 0 });
    let text = '';
    for await (const part of stream.textStream) text += part;
    assert.equal(text, prompt);
    assert.ok(((await stream.usage).outputTokens ?? 0) > 0);
  }
  const { embedding } = await embed({ model: openai.embedding('echo'), value: prompt });
  assert.equal(embedding.length, 256);
});
