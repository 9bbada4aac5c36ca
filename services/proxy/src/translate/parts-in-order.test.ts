import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOpenAI } from '@ai-sdk/openai';
import Anthropic from '@anthropic-ai/sdk';
import { generateText } from 'ai';
import OpenAI from 'openai';
import { startGateway } from '../testing/gateway.ts';
import {
  answerJson,
  doneLine,
  recordedChunks,
  recordedCompletion,
  startEvents,
  startUpstream,
  upstreamConfig,
  wire,
} from '../testing/upstream.ts';
import { PartsInOrder } from './parts-in-order.ts';

type Fragment = Record<string, unknown>;

function fragment(index: number, text: string, named: Fragment = {}): Fragment {
  const { id, name } = named;
  return {
    index,
    ...(id === undefined ? {} : { id, type: 'function' }),
    function: { name, arguments: text },
  };
}

const alternating = [
  {
    role: 'assistant',
    tool_calls: [
      fragment(0, '', { id: 'call_a', name: 'weather' }),
      fragment(1, '', { id: 'call_b', name: 'time' }),
    ],
  },
  { tool_calls: [fragment(0, '{"city":')] },
  { tool_calls: [fragment(1, '{"zone":')] },
  { tool_calls: [fragment(0, '"Ulm"}')] },
  { tool_calls: [fragment(1, '"CET"}')] },
];

test('a call waits until the one before it is over', () => {
  const parts = new PartsInOrder();
  const steps = alternating.map((delta) => parts.push(delta));
  const begin = (id: string, name: string) => ({ begin: { kind: 'call', id, name } });
  assert.deepEqual(steps, [
    [begin('call_a', 'weather')],
    [{ add: '{"city":' }],
    [],
    [{ add: '"Ulm"}' }, begin('call_b', 'time'), { add: '{"zone":' }],
    [{ add: '"CET"}' }],
  ]);
  assert.deepEqual(parts.end(), []);
});

test('calls without arguments, of one index, and with their names repeated are each told', () => {
  const parts = new PartsInOrder();
  const named = { id: 'call_a', name: 'weather' };
  parts.push({ tool_calls: [fragment(0, '{"city":', named)] });
  parts.push({ tool_calls: [fragment(0, '"Ulm"}', named)] });
  const begun = parts.push({ tool_calls: [fragment(0, '', { id: 'call_b', name: 'now' })] });
  assert.deepEqual(begun, [{ begin: { kind: 'call', id: 'call_b', name: 'now' } }]);
  assert.deepEqual(parts.push({ content: 'Wait.' }), []);
  assert.deepEqual(parts.end(), [{ begin: { kind: 'text' } }, { add: 'Wait.' }]);
});

/** The recorded answer with other deltas. */
function chunksOf(deltas: readonly Fragment[], finishReason: string): readonly unknown[] {
  const [first] = recordedChunks;
  const chunk = (delta: Fragment, reason: string | null) => ({
    ...first,
    choices: [{ index: 0, delta, finish_reason: reason }],
  });
  return [...deltas.map((delta) => chunk(delta, null)), chunk({}, finishReason), recordedChunks.at(-1)];
}

test('clients of messages and responses get the arguments of calls that alternate each to its own', async (context) => {
  const upstream = await startUpstream(context);
  const { url } = await startGateway(context, { config: upstreamConfig(upstream) });
  upstream.behave = (response) => {
    startEvents(response);
    response.end(wire(chunksOf(alternating, 'tool_calls')) + doneLine);
  };
  const anthropic = new Anthropic({ baseURL: url, apiKey: 'good', maxRetries: 0 });
  const message = await anthropic.messages
    .stream({ model: 'gpt-4o-mini', max_tokens: 99, messages: [{ role: 'user', content: 'Where?' }] })
    .finalMessage();
  assert.deepEqual(message.content, [
    { type: 'tool_use', id: 'call_a', name: 'weather', input: { city: 'Ulm' } },
    { type: 'tool_use', id: 'call_b', name: 'time', input: { zone: 'CET' } },
  ]);
  const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'good', maxRetries: 0 });
  const response = await openai.responses.stream({ model: 'gpt-4o-mini', input: 'Where?' }).finalResponse();
  const calls = response.output.map(
    (item) => item.type === 'function_call' && [item.call_id, item.arguments],
  );
  assert.deepEqual(calls, [
    ['call_a', '{"city":"Ulm"}'],
    ['call_b', '{"zone":"CET"}'],
  ]);
});

test('a refusal that is streamed is one for clients of responses', async (context) => {
  const upstream = await startUpstream(context);
  const { url } = await startGateway(context, { config: upstreamConfig(upstream) });
  upstream.behave = (response) => {
    startEvents(response);
    const deltas = [
      { role: 'assistant', content: '', refusal: null },
      { refusal: 'I must ' },
      { refusal: 'not.' },
    ];
    response.end(wire(chunksOf(deltas, 'stop')) + doneLine);
  };
  const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'good', maxRetries: 0 });
  const stream = openai.responses.stream({ model: 'gpt-4o-mini', input: 'Do!' });
  const pieces: string[] = [];
  stream.on('response.refusal.delta', ({ delta }) => void pieces.push(delta));
  const { output } = await stream.finalResponse();
  assert.deepEqual(pieces, ['I must ', 'not.']);
  const [item] = output;
  const [part] = item?.type === 'message' ? item.content : [];
  assert.equal(part?.type === 'refusal' && part.refusal, 'I must not.');
});

test('what a model thought is an item of its own for clients of responses, and left out for those of messages', async (context) => {
  const upstream = await startUpstream(context);
  const { url } = await startGateway(context, { config: upstreamConfig(upstream) });
  const deltas = [
    { role: 'assistant', content: null, reasoning_content: 'Well' },
    { reasoning: ', yes.' },
    { content: 'Yes.' },
  ];
  upstream.behave = (response, call) => {
    if (call.body.stream === true) {
      startEvents(response);
      response.end(wire(chunksOf(deltas, 'stop')) + doneLine);
      return;
    }
    const message = { role: 'assistant', content: 'Yes.', reasoning_content: 'Well, yes.' };
    const choices = [{ index: 0, message, finish_reason: 'stop' }];
    answerJson(200, { ...recordedCompletion, choices })(response, call);
  };
  const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'good', maxRetries: 0 });
  const asked = { model: 'gpt-4o-mini', input: 'Is it?' };
  const whole = await openai.responses.create(asked);
  const streamed = await openai.responses.stream(asked).finalResponse();
  for (const { output, output_text: text } of [whole, streamed]) {
    const [thought, said] = output;
    assert.deepEqual(thought?.type === 'reasoning' && thought.summary, [
      { type: 'summary_text', text: 'Well, yes.' },
    ]);
    assert.deepEqual([said?.type, text], ['message', 'Yes.']);
  }
  const ai = createOpenAI({ baseURL: `${url}/v1`, apiKey: 'good' });
  const { reasoningText } = await generateText({ model: ai('gpt-4o-mini'), prompt: 'Is it?', maxRetries: 0 });
  assert.equal(reasoningText, 'Well, yes.');
  const anthropic = new Anthropic({ baseURL: url, apiKey: 'good', maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: 'Is it?' }];
  const message = await anthropic.messages
    .stream({ model: 'gpt-4o-mini', max_tokens: 9, messages })
    .finalMessage();
  assert.deepEqual(message.content, [{ type: 'text', text: 'Yes.' }]);
});
