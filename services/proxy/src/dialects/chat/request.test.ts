import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../api-error.ts';
import { readMessages } from './messages.ts';
import { readChatRequest } from './request.ts';

const valid = { model: 'echo', messages: [{ role: 'user', content: 'hi' }] };

function read(body: unknown) {
  return readChatRequest(body, Buffer.from(''));
}

function fault(body: unknown): ApiError {
  try {
    read(body);
  } catch (error) {
    assert.ok(error instanceof ApiError);
    assert.equal(error.statusCode, 400);
    return error;
  }
  throw new assert.AssertionError({ message: `was accepted: ${JSON.stringify(body)}` });
}

test('reads what the gateway needs and leaves the rest alone', () => {
  const request = read({
    ...valid,
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 5,
    seed: 7,
    temperature: null,
  });
  assert.equal(request.stream, true);
  assert.equal(request.includeUsage, true);
  assert.equal(request.maximumTokens, 5);
  assert.deepEqual(readMessages(request.body), [{ role: 'user', text: 'hi' }]);
  assert.equal(request.body.seed, 7);
});

test('joins text parts, skips others, and takes an assistant message of tool calls alone', () => {
  const request = read({
    model: 'm',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image_url', image_url: {} },
          { type: 'text', text: 'b' },
        ],
      },
      { role: 'assistant', content: null, tool_calls: [] },
      { role: 'tool', content: 'x', tool_call_id: '1' },
    ],
  });
  assert.deepEqual(
    readMessages(request.body).map((message) => message.text),
    ['a\n\nb', '', 'x'],
  );
});

const faults: readonly [unknown, string | undefined][] = [
  [[], undefined],
  [null, undefined],
  ['x', undefined],
  [{ messages: valid.messages }, 'model'],
  [{ ...valid, model: 7 }, 'model'],
  [{ ...valid, model: '' }, 'model'],
  [{ ...valid, model: 'x'.repeat(300) }, 'model'],
  [{ model: 'echo' }, 'messages'],
  [{ ...valid, messages: 'hi' }, 'messages'],
  [{ ...valid, messages: [] }, 'messages'],
  [{ ...valid, messages: ['hi'] }, 'messages[0]'],
  [{ ...valid, messages: [{ content: 'hi' }] }, 'messages[0].role'],
  [{ ...valid, messages: [{ role: 'wizard', content: 'hi' }] }, 'messages[0].role'],
  [{ ...valid, messages: [{ role: 'user' }] }, 'messages[0].content'],
  [{ ...valid, messages: [{ role: 'user', content: 7 }] }, 'messages[0].content'],
  [{ ...valid, messages: [{ role: 'user', content: null }] }, 'messages[0].content'],
  [{ ...valid, messages: [{ role: 'user', content: [] }] }, 'messages[0].content'],
  [{ ...valid, messages: [{ role: 'user', content: ['x'] }] }, 'messages[0].content[0]'],
  [{ ...valid, messages: [{ role: 'user', content: [{}] }] }, 'messages[0].content[0].type'],
  [{ ...valid, messages: [{ role: 'user', content: [{ type: 'text' }] }] }, 'messages[0].content[0].text'],
  [{ ...valid, stream: 'yes' }, 'stream'],
  [{ ...valid, stream_options: {} }, 'stream_options'],
  [{ ...valid, stream: true, stream_options: 1 }, 'stream_options'],
  [{ ...valid, stream: true, stream_options: { include_usage: 1 } }, 'stream_options.include_usage'],
  [{ ...valid, temperature: 'hot' }, 'temperature'],
  [{ ...valid, temperature: 3 }, 'temperature'],
  [{ ...valid, max_tokens: 1.5 }, 'max_tokens'],
  [{ ...valid, max_tokens: 0 }, 'max_tokens'],
  [{ ...valid, n: 1000 }, 'n'],
  [{ ...valid, stop: [1] }, 'stop'],
  [{ ...valid, stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop'],
  [{ ...valid, tools: {} }, 'tools'],
];

test('names the field at fault, the rule and the value', () => {
  for (const [body, param] of faults) {
    const error = fault(body);
    assert.equal(error.param, param, error.message);
    assert.match(error.message, /must be|may only/);
  }
  assert.equal(
    fault({ ...valid, temperature: 3 }).message,
    'temperature must be a number between 0 and 2: it is the number 3.',
  );
});
