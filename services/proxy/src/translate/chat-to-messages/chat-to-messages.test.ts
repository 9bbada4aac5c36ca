import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../api-error.ts';
import { readChatRequest } from '../../dialects/chat/request.ts';
import type { JsonObject } from '../../json.ts';
import { toCompletionBody } from './answer.ts';
import { toMessagesBody } from './request.ts';
import { ChunksFromMessage } from './stream.ts';
import { chatToMessages } from './translation.ts';

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

/** Without members that are undefined, as it goes over the wire. */
function translate(body: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(toMessagesBody({ model: 'claude', ...body })));
}

test('tells a conversation with instructions, an image and parallel tool calls in turns', () => {
  const call = (id: string, city: string) => ({
    id,
    type: 'function',
    function: { name: 'get_weather', arguments: JSON.stringify({ city }) },
  });
  const image = 'data:image/png;base64,iVBORw0KGgo=';
  const body = translate({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: [{ type: 'text', text: 'Use metric units.' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Is it like here?' },
          { type: 'image_url', image_url: { url: image } },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
        ],
      },
      { role: 'assistant', content: null, tool_calls: [call('call_1', 'Bern'), call('call_2', 'Oslo')] },
      { role: 'tool', tool_call_id: 'call_1', content: '12 °C' },
      { role: 'tool', tool_call_id: 'call_2', content: '3 °C' },
      { role: 'user', content: 'And tomorrow?' },
    ],
    tools: [weather],
    tool_choice: 'required',
    parallel_tool_calls: false,
    max_completion_tokens: 100,
    temperature: 1.7,
    stop: 'END',
    seed: 7,
  });
  assert.deepEqual(body, {
    model: 'claude',
    max_tokens: 100,
    system: 'Be brief.\n\nUse metric units.',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Is it like here?' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'call_1', name: 'get_weather', input: { city: 'Bern' } },
          { type: 'tool_use', id: 'call_2', name: 'get_weather', input: { city: 'Oslo' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'call_1', content: [{ type: 'text', text: '12 °C' }] },
          { type: 'tool_result', tool_use_id: 'call_2', content: [{ type: 'text', text: '3 °C' }] },
          { type: 'text', text: 'And tomorrow?' },
        ],
      },
    ],
    stop_sequences: ['END'],
    temperature: 1,
    tools: [
      {
        name: 'get_weather',
        description: 'Weather of a city',
        input_schema: weather.function.parameters,
      },
    ],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
  });
});

test('asks for a limit of its own when there is none', () => {
  const body = translate({ messages: [{ role: 'user', content: 'Hi' }] });
  assert.equal(body.max_tokens, 4096);
});

const refused: readonly [JsonObject, string][] = [
  [{ n: 2 }, 'n'],
  [{ logprobs: true }, 'logprobs'],
  [{ response_format: { type: 'json_schema', json_schema: {} } }, 'response_format'],
  [
    { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }] },
    'messages[0].content[0].type',
  ],
  [
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'ftp://x' } }] }] },
    'messages[0].content[0].image_url.url',
  ],
  [
    {
      messages: [
        {
          role: 'assistant',
          tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '[' } }],
        },
      ],
    },
    'messages[0].tool_calls[0].function.arguments',
  ],
  [{ tools: [{ type: 'custom', custom: {} }] }, 'tools[0]'],
];

test('refuses what would change the answer if it were left out, and names it', () => {
  for (const [changes, param] of refused) {
    assert.throws(
      () => translate({ messages: [{ role: 'user', content: 'Hi' }], ...changes }),
      (error) => error instanceof ApiError && error.statusCode === 400 && error.param === param,
      param,
    );
  }
});

const message = {
  id: 'msg_013Zva2CMHLNnjNjJJKqJ2EF',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5-20250929',
  content: [
    { type: 'thinking', thinking: 'The user wants weather.', signature: 'EqoB' },
    { type: 'text', text: 'Let me look.' },
    { type: 'tool_use', id: 'toolu_01', name: 'get_weather', input: { city: 'Bern' } },
  ],
  stop_reason: 'tool_use',
  stop_sequence: null,
  usage: {
    input_tokens: 10,
    cache_creation_input_tokens: 200,
    cache_read_input_tokens: 1000,
    output_tokens: 42,
    service_tier: 'standard',
  },
};

test('tells a message as a completion, with all input counted', () => {
  assert.deepEqual(toCompletionBody(message, 1_772_519_804), {
    id: 'msg_013Zva2CMHLNnjNjJJKqJ2EF',
    object: 'chat.completion',
    created: 1_772_519_804,
    model: 'claude-sonnet-4-5-20250929',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: 'Let me look.',
          refusal: null,
          reasoning_content: 'The user wants weather.',
          tool_calls: [
            {
              id: 'toolu_01',
              type: 'function',
              function: { name: 'get_weather', arguments: '{"city":"Bern"}' },
            },
          ],
        },
        logprobs: null,
        finish_reason: 'tool_calls',
      },
    ],
    usage: {
      prompt_tokens: 1210,
      completion_tokens: 42,
      total_tokens: 1252,
      prompt_tokens_details: { cached_tokens: 1000 },
    },
  });
});

const streamed: readonly JsonObject[] = [
  {
    type: 'message_start',
    message: { ...message, content: [], stop_reason: null, usage: { input_tokens: 10, output_tokens: 1 } },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'ping' },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Let me ' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'look.' } },
  { type: 'content_block_stop', index: 0 },
  {
    type: 'content_block_start',
    index: 1,
    content_block: { type: 'tool_use', id: 'toolu_01', name: 'get_weather', input: {} },
  },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"city":' } },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '"Bern"}' } },
  { type: 'content_block_stop', index: 1 },
  {
    type: 'message_delta',
    delta: { stop_reason: 'tool_use', stop_sequence: null },
    usage: { output_tokens: 42 },
  },
  { type: 'message_stop' },
];

test('tells a streamed message as chunks, usage last and only when it is asked for', () => {
  const run = (includeUsage: boolean) => {
    const chunks = new ChunksFromMessage({ createdUnixSeconds: 1, includeUsage });
    return streamed.flatMap((event) => chunks.push(event));
  };
  const deltas = run(false).map(({ choices }) => (choices as { delta: JsonObject }[])[0]?.delta);
  assert.deepEqual(deltas, [
    { role: 'assistant', content: '' },
    { content: 'Let me ' },
    { content: 'look.' },
    {
      tool_calls: [
        { index: 0, id: 'toolu_01', type: 'function', function: { name: 'get_weather', arguments: '' } },
      ],
    },
    { tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] },
    { tool_calls: [{ index: 0, function: { arguments: '"Bern"}' } }] },
    {},
  ]);
  assert.match(JSON.stringify(run(false).at(-1)), /"finish_reason":"tool_calls"/);
  assert.deepEqual(run(true).at(-1)?.usage, {
    prompt_tokens: 10,
    completion_tokens: 42,
    total_tokens: 52,
    prompt_tokens_details: { cached_tokens: 0 },
  });
  assert.deepEqual(run(true).at(-1)?.choices, []);
});

test('the translation speaks of the other dialect and writes the body anew', () => {
  const chat = { model: 'claude', messages: [{ role: 'user', content: 'Hi' }], stream: true };
  const request = chatToMessages.request(readChatRequest(chat, Buffer.from(JSON.stringify(chat))));
  assert.equal(request.dialect, 'messages');
  assert.deepEqual(JSON.parse(Buffer.from(request.bytes).toString()), {
    model: 'claude',
    max_tokens: 4096,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    stream: true,
  });
});
