import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../api-error.ts';
import type { JsonObject } from '../../json.ts';
import { toMessageBody } from './answer.ts';
import { toChatBody } from './request.ts';
import { MessageFromChunks } from './stream.ts';

/** Without members that are undefined, as it goes over the wire. */
function translate(body: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(toChatBody({ model: 'gpt-4o-mini', max_tokens: 100, ...body })));
}

test('tells a request with instructions, an image, tools and their results', () => {
  const body = translate({
    system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 'EqoB' },
          { type: 'text', text: 'I look it up.' },
          { type: 'tool_use', id: 'toolu_01', name: 'search', input: { query: 'ibex' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_01', content: [{ type: 'text', text: 'a goat' }] },
          { type: 'text', text: 'So?' },
        ],
      },
    ],
    tools: [{ name: 'search', description: 'Looks things up', input_schema: { type: 'object' } }],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
    stop_sequences: ['END'],
    stream: true,
  });
  assert.deepEqual(body, {
    model: 'gpt-4o-mini',
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
        ],
      },
      {
        role: 'assistant',
        content: 'I look it up.',
        tool_calls: [
          { id: 'toolu_01', type: 'function', function: { name: 'search', arguments: '{"query":"ibex"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'toolu_01', content: 'a goat' },
      { role: 'user', content: 'So?' },
    ],
    max_tokens: 100,
    stop: ['END'],
    tools: [
      {
        type: 'function',
        function: { name: 'search', description: 'Looks things up', parameters: { type: 'object' } },
      },
    ],
    tool_choice: 'required',
    parallel_tool_calls: false,
    stream: true,
    stream_options: { include_usage: true },
  });
});

test('refuses a block it cannot tell, by its name', () => {
  const content = [{ type: 'text', text: 'a' }, { type: 'server_tool_use' }];
  assert.throws(
    () => translate({ messages: [{ role: 'user', content }] }),
    (error) => error instanceof ApiError && error.param === 'messages[0].content[1].type',
  );
});

test('tells a completion as a message, with cached input apart', () => {
  const message = toMessageBody({
    id: 'chatcmpl-1',
    model: 'gpt-4o-mini-2024-07-18',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: 'Wait.',
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'search', arguments: '{"query":"ibex"}' } },
            { id: 'call_2', type: 'function', function: { name: 'search', arguments: '{"query":' } },
          ],
        },
        finish_reason: 'tool_calls',
      },
    ],
    usage: { prompt_tokens: 30, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 20 } },
  });
  assert.deepEqual(message, {
    id: 'chatcmpl-1',
    type: 'message',
    role: 'assistant',
    model: 'gpt-4o-mini-2024-07-18',
    content: [
      { type: 'text', text: 'Wait.' },
      { type: 'tool_use', id: 'call_1', name: 'search', input: { query: 'ibex' } },
      { type: 'tool_use', id: 'call_2', name: 'search', input: { arguments: '{"query":' } },
    ],
    stop_reason: 'tool_use',
    stop_sequence: null,
    usage: {
      input_tokens: 10,
      output_tokens: 7,
      cache_read_input_tokens: 20,
      cache_creation_input_tokens: 0,
    },
  });
});

function chunk(delta: JsonObject, finishReason: string | null = null): JsonObject {
  return {
    id: 'chatcmpl-1',
    model: 'gpt-4o-mini',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  };
}

test('tells chunks as a message whose blocks begin and end one after the other', () => {
  const message = new MessageFromChunks();
  const call = { index: 0, id: 'call_1', type: 'function', function: { name: 'search', arguments: '' } };
  const chunks = [
    chunk({ role: 'assistant', content: '' }),
    chunk({ content: 'Wa' }),
    chunk({ content: 'it.' }),
    chunk({ tool_calls: [call] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '{"query":' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '"ibex"}' } }] }),
    chunk({}, 'tool_calls'),
    { ...chunk({}), choices: [], usage: { prompt_tokens: 9, completion_tokens: 5 } },
  ];
  const events = [...chunks.flatMap((each) => message.push(each)), ...message.end()];
  const usage = (input: number, output: number) => ({
    input_tokens: input,
    output_tokens: output,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
  });
  const toolUse = { type: 'tool_use', id: 'call_1', name: 'search', input: {} };
  const json = (text: string) => ({
    type: 'content_block_delta',
    index: 1,
    delta: { type: 'input_json_delta', partial_json: text },
  });
  assert.deepEqual(events, [
    {
      type: 'message_start',
      message: {
        ...{ id: 'chatcmpl-1', type: 'message', role: 'assistant', model: 'gpt-4o-mini', content: [] },
        ...{ stop_reason: null, stop_sequence: null, usage: usage(0, 0) },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Wa' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'it.' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: toolUse },
    json('{"query":'),
    json('"ibex"}'),
    { type: 'content_block_stop', index: 1 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'tool_use', stop_sequence: null },
      usage: usage(9, 5),
    },
    { type: 'message_stop' },
  ]);
});
