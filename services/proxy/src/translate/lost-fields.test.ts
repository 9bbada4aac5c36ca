import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import Anthropic from '@anthropic-ai/sdk';
import { generateText, isStepCount, tool } from 'ai';
import OpenAI from 'openai';
import { z } from 'zod';
import { startGateway } from '../testing/gateway.ts';
import { answerJson, startUpstream, upstreamConfig } from '../testing/upstream.ts';

async function start(context: TestContext, changes: Record<string, unknown> = {}) {
  const upstream = await startUpstream(context);
  const { url } = await startGateway(context, { config: upstreamConfig(upstream, changes) });
  const options = { apiKey: 'good', maxRetries: 0 };
  const anthropic = new Anthropic({ ...options, baseURL: url });
  const openai = new OpenAI({ ...options, baseURL: `${url}/v1` });
  return { upstream, url, anthropic, openai, sent: () => upstream.calls.at(-1)?.body };
}

const model = 'gpt-4o-mini';
const user = { role: 'user' as const, content: 'hi' };

function refusedFor(param: string) {
  return (error: unknown) => {
    const { status, message } = error as { status?: number; message: string };
    return status === 400 && message.includes(param);
  };
}

/** As Gemini 3 does: a turn whose first call carries no signature is refused. */
function behaveAsGemini(upstream: Awaited<ReturnType<typeof startUpstream>>): void {
  type Part = { functionCall?: unknown; functionResponse?: unknown; thoughtSignature?: string };
  upstream.behave = (response, call) => {
    const contents = call.body.contents as { role: string; parts: Part[] }[];
    const calls = contents.map(({ parts }) => parts.find(({ functionCall }) => functionCall !== undefined));
    const unsigned = calls.some((part) => part !== undefined && part.thoughtSignature === undefined);
    const message = 'Function call is missing a thought_signature in functionCall parts.';
    if (unsigned) return answerJson(400, { error: { code: 400, message } })(response, call);
    const isAnswered = contents.some(({ parts }) =>
      parts.some((part) => part.functionResponse !== undefined),
    );
    const asked = { functionCall: { name: 'weather', args: { city: 'Ulm' } }, thoughtSignature: 'c2lnbmVk' };
    const parts = isAnswered ? [{ text: 'Sunny.' }] : [asked];
    const candidates = [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }];
    const usageMetadata = { promptTokenCount: 9, candidatesTokenCount: 3, totalTokenCount: 12 };
    return answerJson(200, { candidates, usageMetadata, modelVersion: 'gemini-3-pro' })(response, call);
  };
}

test('the AI SDK has tools of Gemini 3 called over each API, without knowing of signatures', async (context) => {
  const { upstream, url } = await start(context, { type: 'gemini', models: ['gemini-3-pro'] });
  behaveAsGemini(upstream);
  const options = { baseURL: `${url}/v1`, apiKey: 'good' };
  const openai = createOpenAI(options);
  const models = [
    openai.chat('gemini-3-pro'),
    openai('gemini-3-pro'),
    createAnthropic(options)('gemini-3-pro'),
  ];
  const inputSchema = z.object({ city: z.string() });
  const tools = { weather: tool({ inputSchema, execute: async ({ city }) => `sunny in ${city}` }) };
  for (const each of models) {
    const stopWhen = isStepCount(3);
    const { text, steps } = await generateText({ model: each, prompt: '?', tools, stopWhen, maxRetries: 0 });
    assert.deepEqual([text, steps.length], ['Sunny.', 2], each.provider);
  }
});

test('effort reaches Gemini, and what cannot be kept is refused', async (context) => {
  const { upstream, openai, sent } = await start(context, { type: 'gemini', models: ['gemini-*'] });
  behaveAsGemini(upstream);
  const thinkingOf = async (name: string, effort: 'none' | 'high') => {
    await openai.chat.completions.create({ model: name, messages: [user], reasoning_effort: effort });
    return (sent()?.generationConfig as Record<string, unknown> | undefined)?.thinkingConfig;
  };
  assert.deepEqual(await thinkingOf('gemini-3-pro', 'high'), {
    thinkingLevel: 'high',
    includeThoughts: true,
  });
  assert.deepEqual(await thinkingOf('gemini-2.5-pro', 'high'), {
    thinkingBudget: 24_576,
    includeThoughts: true,
  });
  assert.deepEqual(await thinkingOf('gemini-2.5-flash', 'none'), { thinkingBudget: 0 });
  assert.equal(await thinkingOf('gemini-2.0-flash', 'high'), undefined);
  for (const option of [{ logprobs: true }, { logit_bias: { '1': 1 } }, { functions: [{ name: 'f' }] }]) {
    const asked = openai.chat.completions.create({ model: 'gemini-3-pro', messages: [user], ...option });
    await assert.rejects(asked, refusedFor(Object.keys(option).join()));
  }
});

test('a choice among some tools is kept where there is no such choice', async (context) => {
  const { upstream, openai, sent } = await start(context, { type: 'gemini', models: ['gemini-*'] });
  behaveAsGemini(upstream);
  const tools = ['weather', 'time'].map((name) => ({ type: 'function' as const, function: { name } }));
  const allowed = { mode: 'required' as const, tools: tools.slice(0, 1) };
  const choice = { type: 'allowed_tools' as const, allowed_tools: allowed };
  await openai.chat.completions.create({
    model: 'gemini-3-pro',
    messages: [user],
    tools,
    tool_choice: choice,
  });
  assert.deepEqual(sent()?.tools, [{ functionDeclarations: [{ name: 'weather' }] }]);
  assert.deepEqual(sent()?.toolConfig, { functionCallingConfig: { mode: 'ANY' } });
});

test('a schema of the answer reaches Claude, and those of its clients other models', async (context) => {
  const schema = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false };
  const claude = await start(context, { type: 'anthropic', models: ['claude-*'] });
  const content = [{ type: 'text', text: '{"a":"b"}' }];
  const usage = { input_tokens: 9, output_tokens: 5 };
  claude.upstream.behave = answerJson(200, {
    id: 'msg_1',
    model: 'claude-x',
    content,
    stop_reason: 'end_turn',
    usage,
  });
  await claude.openai.chat.completions.create({
    ...{ model: 'claude-x', messages: [user] },
    response_format: { type: 'json_schema', json_schema: { name: 'x', schema, strict: true } },
  });
  assert.deepEqual(claude.sent()?.output_config, { format: { type: 'json_schema', schema } });
  const json = { model: 'claude-x', messages: [user], response_format: { type: 'json_object' as const } };
  await assert.rejects(claude.openai.chat.completions.create(json), refusedFor('response_format'));
  const other = await start(context);
  const format = { type: 'json_schema' as const, schema };
  await other.anthropic.messages.create({
    model,
    max_tokens: 9,
    messages: [user],
    output_config: { format },
  });
  assert.deepEqual(other.sent()?.response_format, {
    type: 'json_schema',
    json_schema: { name: 'answer', schema },
  });
});

test('images that tools give back, plain documents and later instructions reach other models', async (context) => {
  const { anthropic, sent } = await start(context);
  const source = { type: 'base64' as const, media_type: 'image/png' as const, data: 'iVBORw0KGgo=' };
  const plain = { type: 'text' as const, media_type: 'text/plain' as const, data: 'A goat.' };
  await anthropic.messages.create({
    ...{ model, max_tokens: 9 },
    messages: [
      { role: 'user', content: [{ type: 'document', source: plain }] },
      { role: 'system', content: 'Be brief.' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'look', input: {} }] },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 't1', content: [{ type: 'image', source }] }],
      },
    ],
  });
  const messages = sent()?.messages as Record<string, unknown>[];
  assert.deepEqual(messages[0], { role: 'user', content: 'A goat.' });
  assert.deepEqual(messages[1], { role: 'system', content: 'Be brief.' });
  assert.deepEqual(messages.slice(3), [
    { role: 'tool', tool_call_id: 't1', content: 'The result follows.' },
    {
      role: 'user',
      content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }],
    },
  ]);
});

test("tools that Anthropic runs itself are refused elsewhere, and a role that isn't one by its name", async (context) => {
  const { anthropic, url, upstream } = await start(context);
  const tools = [{ type: 'web_search_20250305' as const, name: 'web_search' as const }];
  const asked = anthropic.messages.create({ model, max_tokens: 9, messages: [user], tools });
  await assert.rejects(asked, refusedFor('tools[0].type'));
  const body = JSON.stringify({ model, max_tokens: 9, messages: [{ role: 'tool', content: 'x' }] });
  const headers = { 'content-type': 'application/json', 'x-api-key': 'good' };
  const refused = await fetch(`${url}/v1/messages`, { method: 'POST', headers, body });
  const { error } = (await refused.json()) as { error: { message: string } };
  assert.equal(error.message, 'messages[0].role must be user, assistant or system: it is "tool".');
  assert.equal(upstream.calls.length, 0);
});

test('models of OpenAI that reason are told the limit by the name they know', async (context) => {
  const { anthropic, sent } = await start(context, { models: ['gpt-5', model] });
  await anthropic.messages.create({ model: 'gpt-5', max_tokens: 9, messages: [user] });
  assert.deepEqual([sent()?.max_completion_tokens, sent()?.max_tokens], [9, undefined]);
  await anthropic.messages.create({ model, max_tokens: 9, messages: [user] });
  assert.equal(sent()?.max_tokens, 9);
});

test('a file that only its URL names is refused where nobody fetches it', async (context) => {
  const { openai, upstream } = await start(context);
  const content = [{ type: 'input_file' as const, file_url: 'https://files.example/a.pdf' }];
  const asked = openai.responses.create({ model, input: [{ role: 'user', content }] });
  await assert.rejects(asked, refusedFor('input[0].content[0].type'));
  assert.equal(upstream.calls.length, 0);
});
