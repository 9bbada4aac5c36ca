import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import OpenAI from 'openai';
import { startGateway } from '../../testing/gateway.ts';
import { answerJson, startEvents, startUpstream } from '../../testing/upstream.ts';

const usageMetadata = {
  promptTokenCount: 8,
  candidatesTokenCount: 5,
  totalTokenCount: 33,
  thoughtsTokenCount: 20,
  promptTokensDetails: [{ modality: 'TEXT', tokenCount: 8 }],
};

function piece(text: string, rest: object = {}, usage: object = { promptTokenCount: 8 }) {
  return {
    candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0, ...rest }],
    usageMetadata: usage,
    modelVersion: 'gemini-2.5-flash',
    responseId: 'kVZ3aNq2Hp',
  };
}

const whole = piece('It is 12 °C.', { finishReason: 'STOP' }, usageMetadata);
const pieces = [piece('It is '), piece('12 °C.', { finishReason: 'STOP' }, usageMetadata)];
const messages = [{ role: 'user' as const, content: 'How is the weather in Bern?' }];

async function startGemini(context: TestContext) {
  const upstream = await startUpstream(context);
  const provider = {
    ...{ name: 'gemini', type: 'gemini', base_url: upstream.baseUrl },
    ...{ api_key: 'AIzaSyNotARealKeyNotARealKeyNotARealKey', models: ['gemini-*'] },
  };
  const gateway = await startGateway(context, { config: { providers: [provider] } });
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'good', maxRetries: 0 });
  return { upstream, gateway, client };
}

test('the openai client uses its models; the key travels in a header, the model in the path', async (context) => {
  const { upstream, client } = await startGemini(context);
  upstream.behave = answerJson(200, whole);
  const completion = await client.chat.completions.create({ model: 'gemini-2.5-flash', messages });
  assert.equal(completion.choices[0]?.message.content, 'It is 12 °C.');
  assert.deepEqual(completion.usage?.completion_tokens, 25);
  const [call] = upstream.calls;
  assert.equal(call?.path, '/v1/models/gemini-2.5-flash:generateContent');
  assert.equal(call?.headers['x-goog-api-key'], 'AIzaSyNotARealKeyNotARealKeyNotARealKey');
  assert.deepEqual(call?.body.contents, [{ role: 'user', parts: [{ text: messages[0]?.content }] }]);
});

test('streams become chunks, and usage is counted with the thoughts', async (context) => {
  const { upstream, gateway, client } = await startGemini(context);
  upstream.behave = (response) => {
    startEvents(response);
    response.end(pieces.map((each) => `data: ${JSON.stringify(each)}\r\n\r\n`).join(''));
  };
  const stream = client.chat.completions.stream({
    ...{ model: 'gemini-2.5-flash', messages, stream_options: { include_usage: true } },
  });
  const completion = await stream.finalChatCompletion();
  assert.equal(completion.choices[0]?.message.content, 'It is 12 °C.');
  assert.equal(completion.usage?.total_tokens, 33);
  assert.equal(upstream.calls[0]?.path, '/v1/models/gemini-2.5-flash:streamGenerateContent?alt=sse');
  const spans = await gateway.spans();
  const { attributes } = spans.find(({ name }) => name === 'provider.generate_stream') ?? {};
  assert.equal(attributes?.['gen_ai.usage.output_tokens'], 25);
});

test('embeddings come back in the form the client asked for', async (context) => {
  const { upstream, client } = await startGemini(context);
  upstream.behave = answerJson(200, { embeddings: [{ values: [0.5, -1] }, { values: [0.25, 0] }] });
  const input = ['a', 'b'];
  const answer = await client.embeddings.create({ model: 'gemini-embedding-001', input, dimensions: 2 });
  assert.deepEqual(
    answer.data.map(({ embedding }) => embedding),
    [
      [0.5, -1],
      [0.25, 0],
    ],
  );
  assert.deepEqual(upstream.calls[0]?.body, {
    requests: input.map((text) => ({
      model: 'models/gemini-embedding-001',
      content: { parts: [{ text }] },
      outputDimensionality: 2,
    })),
  });
});
