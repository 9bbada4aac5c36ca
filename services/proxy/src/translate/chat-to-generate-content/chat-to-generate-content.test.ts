import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../api-error.ts';
import type { JsonObject } from '../../json.ts';
import { toCompletionBody } from './answer.ts';
import { toGenerateContentBody } from './request.ts';
import { ChunksFromContent } from './stream.ts';

const context = { requestId: 'r1', createdUnixSeconds: 1_772_519_804, model: 'gemini-2.5-flash' };

/** Without members that are undefined, as it goes over the wire. */
function translate(body: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(toGenerateContentBody({ model: 'gemini-2.5-flash', ...body })));
}

test('tells a conversation with instructions, an image, a tool and a schema', () => {
  const parameters = { type: 'object', properties: { city: { type: 'string' } } };
  const schema = { type: 'object', properties: { degrees: { type: 'number' } } };
  const body = translate({
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Like here?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id: 'call_1',
            type: 'function',
            function: { name: 'get_weather', arguments: '{"city":"Bern"}' },
            extra_content: { google: { thought_signature: 'CpcBAdHtim9' } },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '12 °C' },
    ],
    tools: [{ type: 'function', function: { name: 'get_weather', parameters } }],
    tool_choice: { type: 'function', function: { name: 'get_weather' } },
    response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
    max_tokens: 50,
    stop: ['END'],
    temperature: 0,
  });
  assert.deepEqual(body, {
    contents: [
      {
        role: 'user',
        parts: [{ text: 'Like here?' }, { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }],
      },
      {
        role: 'model',
        parts: [
          {
            functionCall: { name: 'get_weather', args: { city: 'Bern' } },
            thoughtSignature: 'CpcBAdHtim9',
          },
        ],
      },
      {
        role: 'user',
        parts: [{ functionResponse: { name: 'get_weather', response: { result: '12 °C' } } }],
      },
    ],
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    generationConfig: {
      maxOutputTokens: 50,
      temperature: 0,
      stopSequences: ['END'],
      responseMimeType: 'application/json',
      responseJsonSchema: schema,
    },
    tools: [{ functionDeclarations: [{ name: 'get_weather', parametersJsonSchema: parameters }] }],
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['get_weather'] } },
  });
});

test('refuses a URL that nobody would fetch', () => {
  const content = [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }];
  assert.throws(
    () => translate({ messages: [{ role: 'user', content }] }),
    (error) => error instanceof ApiError && error.param === 'messages[0].content[0].image_url.url',
  );
});

const usageMetadata = {
  promptTokenCount: 8,
  candidatesTokenCount: 5,
  thoughtsTokenCount: 20,
  totalTokenCount: 33,
  cachedContentTokenCount: 4,
};
const usage = {
  prompt_tokens: 8,
  completion_tokens: 25,
  total_tokens: 33,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 20 },
};
const functionCall = { name: 'get_weather', args: { city: 'Bern' } };

test('tells an answer with thoughts and a call as a completion', () => {
  const parts = [
    { text: 'Weather, then.', thought: true },
    { text: 'I look.' },
    { functionCall, thoughtSignature: 'CpcB' },
  ];
  const body = {
    candidates: [{ content: { parts, role: 'model' }, finishReason: 'STOP', index: 0 }],
    usageMetadata,
    modelVersion: 'gemini-2.5-flash',
    responseId: 'kVZ3aN',
  };
  assert.deepEqual(toCompletionBody(body, context), {
    id: 'kVZ3aN',
    object: 'chat.completion',
    created: 1_772_519_804,
    model: 'gemini-2.5-flash',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: 'I look.',
          refusal: null,
          reasoning_content: 'Weather, then.',
          tool_calls: [
            {
              id: 'call_r1_0',
              type: 'function',
              function: { name: 'get_weather', arguments: '{"city":"Bern"}' },
              extra_content: { google: { thought_signature: 'CpcB' } },
            },
          ],
        },
        logprobs: null,
        finish_reason: 'tool_calls',
      },
    ],
    usage,
  });
});

test('says that a blocked prompt was filtered', () => {
  const body = { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 8 } };
  const completion = toCompletionBody(body, context);
  assert.match(JSON.stringify(completion.choices), /"finish_reason":"content_filter"/);
  assert.deepEqual((completion.usage as JsonObject).completion_tokens, 0);
});

test('tells the pieces of a stream as chunks, usage last and only when it is asked for', () => {
  const piece = (part: JsonObject, rest: JsonObject = {}) => ({
    candidates: [{ content: { parts: [part], role: 'model' }, index: 0, ...rest }],
    usageMetadata: { promptTokenCount: 8 },
    modelVersion: 'gemini-2.5-flash',
    responseId: 'kVZ3aN',
  });
  const pieces = [
    piece({ text: 'I ' }),
    piece({ text: 'look.' }),
    { ...piece({ functionCall }, { finishReason: 'STOP' }), usageMetadata },
  ];
  const run = (includeUsage: boolean) => {
    const chunks = new ChunksFromContent({ ...context, includeUsage });
    return [...pieces.flatMap((each) => chunks.push(each)), ...chunks.end()];
  };
  const choices = run(false).flatMap((chunk) => chunk.choices as JsonObject[]);
  assert.deepEqual(
    choices.map(({ delta }) => delta),
    [
      { role: 'assistant', content: '' },
      { content: 'I ' },
      { content: 'look.' },
      {
        tool_calls: [
          {
            index: 0,
            id: 'call_r1_0',
            type: 'function',
            function: { name: 'get_weather', arguments: '{"city":"Bern"}' },
          },
        ],
      },
      {},
    ],
  );
  assert.equal(choices.at(-1)?.finish_reason, 'tool_calls');
  assert.deepEqual(run(true).at(-1)?.usage, usage);
});
