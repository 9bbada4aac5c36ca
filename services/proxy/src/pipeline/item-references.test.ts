import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, type ModelMessage } from 'ai';
import OpenAI from 'openai';
import { startGateway } from '../testing/gateway.ts';
import { answerJson, startUpstream, upstreamConfig } from '../testing/upstream.ts';

const model = 'gpt-4o-mini';

/** A response of OpenAI's, with thoughts that were not asked for whole. */
function recordedResponse(number: number): Record<string, unknown> {
  const said = { type: 'output_text', text: `Answer ${number}`, annotations: [], logprobs: [] };
  return {
    ...{ id: `resp_${number}`, object: 'response', created_at: 1_754_000_000, status: 'completed', model },
    ...{ error: null, incomplete_details: null, instructions: null, metadata: {}, tools: [] },
    output: [
      { id: `rs_${number}`, type: 'reasoning', summary: [{ type: 'summary_text', text: 'Well.' }] },
      { id: `msg_${number}`, type: 'message', status: 'completed', role: 'assistant', content: [said] },
    ],
    usage: { input_tokens: 9, output_tokens: 7, total_tokens: 16 },
  };
}

/** As OpenAI answers to who refers to what it does not keep. */
const itemNotFound = answerJson(404, {
  error: {
    message: "Item with id 'rs_1' not found.",
    type: 'invalid_request_error',
    param: 'input',
    code: null,
  },
});

async function startNative(context: TestContext) {
  const upstream = await startUpstream(context);
  const { url } = await startGateway(context, { config: upstreamConfig(upstream, { responses: true }) });
  upstream.behave = (response, call) => {
    const input = Array.isArray(call.body.input) ? (call.body.input as Record<string, unknown>[]) : [];
    const unknown = input.some(({ type }) => type === 'item_reference' || type === 'reasoning');
    const behave = unknown ? itemNotFound : answerJson(200, recordedResponse(upstream.calls.length));
    return behave(response, call);
  };
  const inputOf = (index: number) => upstream.calls[index]?.body.input;
  return { url, inputOf };
}

/** Three rounds of a conversation, told anew each time as the AI SDK tells it. */
async function converse(url: string): Promise<readonly string[]> {
  const openai = createOpenAI({ baseURL: `${url}/v1`, apiKey: 'good' });
  const messages: ModelMessage[] = [];
  const texts: string[] = [];
  for (const content of ['One', 'Two', 'Three']) {
    messages.push({ role: 'user', content });
    const { text, response } = await generateText({ model: openai(model), messages, maxRetries: 0 });
    messages.push(...response.messages);
    texts.push(text);
  }
  return texts;
}

test('the AI SDK refers to earlier answers by their ids, and the provider is told them', async (context) => {
  const { url, inputOf } = await startNative(context);
  assert.deepEqual(await converse(url), ['Answer 1', 'Answer 2', 'Answer 3']);
  const user = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
  const answer = (number: number) => (recordedResponse(number).output as unknown[])[1];
  assert.deepEqual(inputOf(2), [user('One'), answer(1), user('Two'), answer(2), user('Three')]);
});

test('the same where the provider speaks chats alone', async (context) => {
  const upstream = await startUpstream(context);
  const { url } = await startGateway(context, { config: upstreamConfig(upstream) });
  await converse(url);
  const roles = (upstream.calls[2]?.body.messages as { role: string }[] | undefined)?.map(({ role }) => role);
  assert.deepEqual(roles, ['user', 'assistant', 'user', 'assistant', 'user']);
});

test('an answer that is sent back whole goes on without thoughts that only its provider keeps', async (context) => {
  const { url, inputOf } = await startNative(context);
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'good', maxRetries: 0 });
  const first = await client.responses.create({ model, input: 'One' });
  const input = [...first.output, { role: 'user', content: 'Two' }] as OpenAI.Responses.ResponseInput;
  await client.responses.create({ model, input });
  assert.deepEqual(inputOf(1), [first.output[1], { role: 'user', content: 'Two' }]);
});

test('the span of the look-up names the conversation that was found', async (context) => {
  const gateway = await startGateway(context);
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'good', maxRetries: 0 });
  const first = await client.responses.create({ model: 'echo', input: 'One' });
  const input = [
    { type: 'item_reference' as const, id: first.output[0]?.id ?? '' },
    { role: 'user' as const, content: 'Two' },
  ];
  await client.responses.create({ model: 'echo', input, store: false });
  const found = (await gateway.spans()).filter(({ name }) => name === 'conversation.get');
  assert.deepEqual(
    found.map(({ attributes }) => attributes['conversation.id']),
    [first.id],
  );
});

test('a reference that leads nowhere is refused by its place', async (context) => {
  const { url } = await startNative(context);
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'good', maxRetries: 0 });
  const input = [
    { role: 'user' as const, content: 'One' },
    { type: 'item_reference' as const, id: 'msg_77' },
  ];
  await assert.rejects(
    () => client.responses.create({ model, input }),
    (error) =>
      error instanceof OpenAI.BadRequestError &&
      error.code === 'item_not_found' &&
      error.param === 'input[1].id',
  );
});
