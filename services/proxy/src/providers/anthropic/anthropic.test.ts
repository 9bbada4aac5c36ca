import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { startGateway } from '../../testing/gateway.ts';
import { answerJson, startEvents, startUpstream, type UpstreamCall } from '../../testing/upstream.ts';

const usage = {
  input_tokens: 12,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 100,
  output_tokens: 30,
  service_tier: 'standard',
};
/** An answer as recorded. */
const recorded = {
  id: 'msg_01XFDUDYJgAACzvnptvVoYEL',
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-4-6-20260205',
  content: [
    { type: 'text', text: 'Let me look.' },
    { type: 'tool_use', id: 'toolu_01A09q90qw90lq917835lq9', name: 'get_weather', input: { city: 'Bern' } },
  ],
  stop_reason: 'tool_use',
  stop_sequence: null,
  usage,
};
const start = { ...recorded, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
/** A stream as recorded. */
const events = [
  { type: 'message_start', message: start },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'ping' },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Let me ' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'look.' } },
  { type: 'content_block_stop', index: 0 },
  {
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: 30 },
  },
  { type: 'message_stop' },
];
const wire = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

const messages = [{ role: 'user' as const, content: 'How is the weather in Bern?' }];
const tools = [
  {
    name: 'get_weather',
    input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } },
  },
];

async function startAnthropic(context: TestContext) {
  const upstream = await startUpstream(context);
  upstream.behave = (response, call) => {
    if (call.body.stream === true) {
      startEvents(response);
      response.end(wire);
    } else answerJson(200, recorded)(response, call);
  };
  const provider = {
    ...{ name: 'anthropic', type: 'anthropic', base_url: upstream.baseUrl },
    ...{ api_key: 'sk-ant-api03-not-a-real-key', models: ['claude-*'] },
  };
  const gateway = await startGateway(context, { config: { providers: [provider] } });
  const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: 'good', maxRetries: 0 });
  const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'good', maxRetries: 0 });
  return { upstream, gateway, anthropic, openai };
}

function onlyCall(calls: readonly UpstreamCall[]): UpstreamCall {
  assert.equal(calls.length, 1);
  return calls[0] as UpstreamCall;
}

test('its client gets the answer of the provider, ids and all, and the provider the request as it was', async (context) => {
  const { upstream, anthropic } = await startAnthropic(context);
  const message = await anthropic.messages.create({
    ...{ model: 'claude-opus-4-6', max_tokens: 100, messages, tools, thinking: { type: 'disabled' } },
  });
  const { _request_id: requestId, ...answered } = message;
  assert.deepEqual(answered, recorded);
  assert.ok(requestId);
  const { headers, body } = onlyCall(upstream.calls);
  assert.equal(headers['x-api-key'], 'sk-ant-api03-not-a-real-key');
  assert.match(String(headers['anthropic-version']), /^\d{4}-\d{2}-\d{2}$/);
  assert.deepEqual(body.thinking, { type: 'disabled' });
});

test('its client reads streams, and the usage is counted with what came from the cache', async (context) => {
  const { gateway, anthropic } = await startAnthropic(context);
  const stream = anthropic.messages.stream({ model: 'claude-opus-4-6', max_tokens: 100, messages });
  const message = await stream.finalMessage();
  assert.deepEqual(message.content[0], { type: 'text', text: 'Let me look.' });
  assert.equal(message.usage.output_tokens, 30);
  const spans = await gateway.spans();
  const { attributes } = spans.find(({ name }) => name === 'provider.generate_stream') ?? {};
  assert.equal(attributes?.['gen_ai.usage.input_tokens'], 112);
  assert.equal(attributes?.['gen_ai.usage.output_tokens'], 30);
  assert.equal(attributes?.['ibex.usage_source'], 'provider');
});

test('its client counts tokens, and reads errors in its own words', async (context) => {
  const { upstream, anthropic } = await startAnthropic(context);
  upstream.behave = answerJson(200, { input_tokens: 14 });
  const { input_tokens: counted } = await anthropic.messages.countTokens({
    model: 'claude-opus-4-6',
    messages,
  });
  assert.equal(counted, 14);
  const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
  upstream.behave = answerJson(529, error);
  await assert.rejects(
    () => anthropic.messages.create({ model: 'claude-opus-4-6', max_tokens: 1, messages }),
    (thrown) =>
      thrown instanceof Anthropic.APIError && thrown.status === 529 && thrown.type === 'overloaded_error',
  );
  await assert.rejects(
    () => anthropic.messages.create({ model: 'claude-opus-4-6', max_tokens: 0, messages }),
    (thrown) => thrown instanceof Anthropic.BadRequestError && /max_tokens/.test(thrown.message),
  );
});

test('the openai client uses its models, whole, streamed and with tools', async (context) => {
  const { upstream, openai } = await startAnthropic(context);
  const weather = { name: 'get_weather', parameters: { type: 'object', properties: {} } };
  const completion = await openai.chat.completions.create({
    ...{ model: 'claude-opus-4-6', messages, tools: [{ type: 'function', function: weather }] },
  });
  const [choice] = completion.choices;
  assert.equal(choice?.finish_reason, 'tool_calls');
  const [call] = choice?.message.tool_calls ?? [];
  assert.equal(call?.type === 'function' && call.function.arguments, '{"city":"Bern"}');
  assert.equal(completion.usage?.prompt_tokens, 112);
  assert.deepEqual(onlyCall(upstream.calls).body.messages, [
    { role: 'user', content: [{ type: 'text', text: messages[0]?.content }] },
  ]);
  const stream = openai.chat.completions.stream({
    ...{ model: 'claude-opus-4-6', messages, stream_options: { include_usage: true } },
  });
  const streamed = await stream.finalChatCompletion();
  assert.equal(streamed.choices[0]?.message.content, 'Let me look.');
  assert.equal(streamed.usage?.completion_tokens, 30);
});

test('its client uses the echo and chat models alike, streamed as well', async (context) => {
  const { anthropic } = await startAnthropic(context);
  const message = await anthropic.messages.create({ model: 'echo', max_tokens: 100, messages });
  assert.deepEqual(message.content, [{ type: 'text', text: 'How is the weather in Bern?' }]);
  assert.equal(message.stop_reason, 'end_turn');
  const streamed = await anthropic.messages
    .stream({ model: 'echo', max_tokens: 100, messages })
    .finalMessage();
  assert.deepEqual(streamed.content, message.content);
  assert.deepEqual(streamed.usage, message.usage);
  const { input_tokens: counted } = await anthropic.messages.countTokens({ model: 'echo', messages });
  assert.equal(counted, message.usage.input_tokens);
});

test('a provider that is overloaded within its stream is that for its client as well', async (context) => {
  const { upstream, anthropic } = await startAnthropic(context);
  upstream.behave = (response) => {
    startEvents(response);
    const start = wire.slice(0, wire.indexOf('\n\n') + 2);
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    response.end(`${start}event: error\ndata: ${JSON.stringify(error)}\n\n`);
  };
  const stream = anthropic.messages.stream({ model: 'claude-opus-4-6', max_tokens: 100, messages });
  await assert.rejects(stream.finalMessage(), (error) => {
    const body = error instanceof Anthropic.APIError ? error.error : undefined;
    return JSON.stringify(body).includes('"type":"overloaded_error"');
  });
});

test('a model of all whose names begin so is described by its own', async (context) => {
  const { openai } = await startAnthropic(context);
  const model = await openai.models.retrieve('claude-opus-4-6');
  assert.deepEqual([model.id, model.owned_by], ['claude-opus-4-6', 'anthropic']);
});
