import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import OpenAI from 'openai';
import { goodToken } from '../testing/auth-server.ts';
import { startGateway } from '../testing/gateway.ts';
import { answerJson, startUpstream, upstreamConfig } from '../testing/upstream.ts';

async function start(context: TestContext, options: { environment?: Record<string, string> } = {}) {
  const gateway = await startGateway(context, options);
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'good', maxRetries: 0 });
  return { gateway, client };
}

test('answers whole, can be retrieved and deleted, and then is gone', async (context) => {
  const { client } = await start(context);
  const response = await client.responses.create({ model: 'echo', input: 'Hello, world!' });
  assert.equal(response.output_text, 'Hello, world!');
  assert.equal(response.status, 'completed');
  assert.match(response.id, /^resp_[0-9a-f]{32}$/);
  assert.ok((response.usage?.total_tokens ?? 0) > 0);
  const { _request_id: _one, ...kept } = await client.responses.retrieve(response.id);
  const { _request_id: _other, output_text: _text, ...given } = response;
  assert.deepEqual(kept, { ...given, ...('output_text' in kept ? { output_text: _text } : {}) });
  await client.responses.delete(response.id);
  await assert.rejects(
    () => client.responses.retrieve(response.id),
    (error) => error instanceof OpenAI.NotFoundError && error.code === 'response_not_found',
  );
});

test('goes on from an earlier response with all that was said before, streamed or not', async (context) => {
  const upstream = await startUpstream(context);
  const gateway = await startGateway(context, { config: upstreamConfig(upstream) });
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'good', maxRetries: 0 });
  const model = 'gpt-4o-mini';
  const first = await client.responses.create({ model, instructions: 'Be brief.', input: 'One' });
  const stream = client.responses.stream({ model, input: 'Two', previous_response_id: first.id });
  const second = await stream.finalResponse();
  assert.equal(second.output_text, 'Hello! Grüße 👋');
  assert.equal(second.previous_response_id, first.id);
  await client.responses.create({ model, input: 'Three', previous_response_id: second.id });
  const hello = { role: 'assistant', content: 'Hello! How can I help?' };
  const bye = { role: 'assistant', content: 'Hello! Grüße 👋' };
  const said = (content: string) => ({ role: 'user', content });
  assert.deepEqual(
    upstream.calls.map(({ body }) => body.messages),
    [
      [{ role: 'system', content: 'Be brief.' }, said('One')],
      // Instructions are those of one request alone, as OpenAI has it.
      [said('One'), hello, said('Two')],
      [said('One'), hello, said('Two'), bye, said('Three')],
    ],
  );
});

test('events are numbered, and tell items and parts from beginning to end', async (context) => {
  const { client } = await start(context);
  const types: string[] = [];
  const numbers: number[] = [];
  for await (const event of await client.responses.create({
    model: 'echo',
    input: 'Hi there',
    stream: true,
  })) {
    types.push(event.type);
    numbers.push(event.sequence_number);
  }
  assert.deepEqual(types, [
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ]);
  assert.deepEqual(numbers, [...numbers.keys()]);
});

test('tells tool calls as items', async (context) => {
  const upstream = await startUpstream(context);
  const gateway = await startGateway(context, { config: upstreamConfig(upstream) });
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'good', maxRetries: 0 });
  const call = {
    id: 'call_1',
    type: 'function',
    function: { name: 'get_weather', arguments: '{"city":"Bern"}' },
  };
  upstream.behave = answerJson(200, {
    id: 'chatcmpl-1',
    model: 'gpt-4o-mini',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: null, tool_calls: [call] },
        finish_reason: 'tool_calls',
      },
    ],
    usage: { prompt_tokens: 5, completion_tokens: 6 },
  });
  const tools = [
    {
      ...{ type: 'function' as const, name: 'get_weather', strict: true },
      parameters: { type: 'object', properties: {}, additionalProperties: false },
    },
  ];
  const first = await client.responses.create({ model: 'gpt-4o-mini', input: 'Weather?', tools });
  const [item] = first.output;
  assert.ok(item?.type === 'function_call');
  assert.equal(item.call_id, 'call_1');
  const output = { type: 'function_call_output' as const, call_id: 'call_1', output: '12 °C' };
  await client.responses.create({
    model: 'gpt-4o-mini',
    input: [output],
    tools,
    previous_response_id: first.id,
  });
  assert.deepEqual(upstream.calls[1]?.body.messages, [
    { role: 'user', content: 'Weather?' },
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: 'call_1', content: '12 °C' },
  ]);
});

test('nobody goes on from, reads or deletes what is not theirs, was not kept, or has expired', async (context) => {
  const { gateway, client } = await start(context, { environment: { IBEX_PROXY_CONVERSATION_TTL_MS: '1' } });
  const mine = await client.responses.create({ model: 'echo', input: 'Mine', store: false });
  const gone = await client.responses.create({ model: 'echo', input: 'Gone' });
  for (const { id } of [mine, gone]) {
    await assert.rejects(
      () => client.responses.create({ model: 'echo', input: 'x', previous_response_id: id }),
      (error) => error instanceof OpenAI.BadRequestError && error.code === 'previous_response_not_found',
    );
  }
  gateway.auth.tokens.set('other', goodToken({ orgId: 'org-2' }));
  const stranger = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'other', maxRetries: 0 });
  const { gateway: lasting, client: owner } = await start(context);
  lasting.auth.tokens.set('other', goodToken({ orgId: 'org-2' }));
  const kept = await owner.responses.create({ model: 'echo', input: 'Kept' });
  const foreign = new OpenAI({ baseURL: `${lasting.url}/v1`, apiKey: 'other', maxRetries: 0 });
  await assert.rejects(() => foreign.responses.retrieve(kept.id), OpenAI.NotFoundError);
  await assert.rejects(() => foreign.responses.delete(kept.id), OpenAI.NotFoundError);
  await assert.rejects(() => stranger.responses.retrieve(gone.id), OpenAI.NotFoundError);
  assert.equal((await owner.responses.retrieve(kept.id)).id, kept.id);
});

test('spans and metrics tell the work of the store', async (context) => {
  const { gateway, client } = await start(context);
  const first = await client.responses.create({ model: 'echo', input: 'One' });
  await client.responses.create({ model: 'echo', input: 'Two', previous_response_id: first.id });
  const spans = await gateway.spans();
  const get = spans.find(({ name }) => name === 'conversation.get');
  assert.equal(get?.attributes['conversation.id'], first.id);
  assert.equal(get?.attributes['conversation.message_count'], 2);
  const server = spans.filter(({ name }) => name === 'POST /v1/responses');
  const creates = spans.filter(({ name }) => name === 'conversation.create');
  assert.deepEqual(
    creates.map(({ parentSpanId }) => parentSpanId).sort(),
    server.map(({ spanId }) => spanId).sort(),
  );
  const created = 'conversation_operations_total{operation="create",backend="memory",status="ok"}';
  assert.equal(await gateway.metric(created), 2);
});
