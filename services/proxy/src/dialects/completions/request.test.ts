import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../api-error.ts';
import { readCompletionsRequest } from './request.ts';

function read(body: object) {
  return readCompletionsRequest({ model: 'm', prompt: 'hi', ...body }, Buffer.from('as received'));
}

test('takes texts and tokens, one or several, and none', () => {
  for (const prompt of ['go on', '', null, [1, 2], ['a', 'b'], [[1], [2, 3]], ['a', [1]]]) {
    const { dialect, body, bytes } = read({ prompt });
    assert.equal(dialect, 'completions');
    assert.deepEqual(body.prompt, prompt);
    assert.equal(String(bytes), 'as received');
  }
});

test('reads what the gateway needs and leaves the rest alone', () => {
  const request = read({
    ...{ max_tokens: 0, logprobs: 5, best_of: 2, echo: true, suffix: 'end', temperature: null },
    ...{ stream: true, stream_options: { include_usage: true } },
  });
  assert.deepEqual([request.stream, request.includeUsage, request.maximumTokens], [true, true, 0]);
  assert.equal(request.body.suffix, 'end');
});

for (const [body, param, code] of [
  [{ prompt: undefined }, 'prompt', 'missing_required_parameter'],
  [{ prompt: [] }, 'prompt', 'invalid_type'],
  [{ prompt: ['a', 1.5] }, 'prompt', 'invalid_type'],
  [{ prompt: Array(2049).fill('a') }, 'prompt', 'invalid_type'],
  [{ max_tokens: -1 }, 'max_tokens', 'invalid_value'],
  [{ logprobs: true }, 'logprobs', 'invalid_type'],
  [{ temperature: 3 }, 'temperature', 'invalid_value'],
  [{ stream: 'yes' }, 'stream', 'invalid_type'],
  [{ stream_options: {} }, 'stream_options', 'invalid_value'],
  [{ stop: ['1', '2', '3', '4', '5'] }, 'stop', 'invalid_type'],
] as const) {
  test(`refuses ${JSON.stringify(body).slice(0, 60)}`, () => {
    assert.throws(
      () => read(body),
      (error) => {
        assert.ok(error instanceof ApiError);
        assert.deepEqual([error.statusCode, error.param, error.code], [400, param, code]);
        return true;
      },
    );
  });
}
