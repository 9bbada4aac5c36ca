import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../api-error.ts';
import { ProviderFailure } from '../../providers/failure.ts';
import { readEvent } from '../../sse/event.ts';
import { messagesFace } from './face.ts';
import { readCountTokensRequest, readMessagesRequest } from './request.ts';
import { mergeUsage, readMessageUsage } from './usage.ts';

const valid = { model: 'claude', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] };
const received = (headers = {}) => ({ bytes: Buffer.from(JSON.stringify(valid)), headers });

test('reads what the gateway needs, and takes the headers that choose what is answered', () => {
  const headers = {
    'anthropic-version': '2023-06-01',
    'anthropic-beta': 'context-1m-2025-08-07',
    'x-api-key': 'sk-ant-secret',
  };
  const request = readMessagesRequest({ ...valid, stream: true }, received(headers));
  assert.equal(request.dialect, 'messages');
  assert.equal(request.stream, true);
  assert.equal(request.maximumTokens, 10);
  assert.deepEqual(request.headers, {
    'anthropic-version': '2023-06-01',
    'anthropic-beta': 'context-1m-2025-08-07',
  });
});

const faults: readonly [object, string][] = [
  [{ model: undefined }, 'model'],
  [{ max_tokens: undefined }, 'max_tokens'],
  [{ max_tokens: 0 }, 'max_tokens'],
  [{ messages: [] }, 'messages'],
  [{ messages: ['x'] }, 'messages[0]'],
  [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].role'],
  [{ messages: [{ role: 'user' }] }, 'messages[0].content'],
  [{ messages: [{ role: 'user', content: [{}] }] }, 'messages[0].content[0]'],
  [{ system: 7 }, 'system'],
  [{ tools: {} }, 'tools'],
  [{ stream: 'yes' }, 'stream'],
];

test('names the field at fault', () => {
  for (const [changes, param] of faults) {
    assert.throws(
      () => readMessagesRequest({ ...valid, ...changes }, received()),
      (error) => error instanceof ApiError && error.statusCode === 400 && error.param === param,
      param,
    );
  }
});

test('counting tokens needs no limit and never streams', () => {
  const { max_tokens: _limit, ...rest } = valid;
  const request = readCountTokensRequest({ ...rest, stream: true }, received());
  assert.equal(request.dialect, 'count_tokens');
  assert.equal(request.stream, false);
});

test('writes errors as clients of Anthropic know them, an overloaded provider as 529', () => {
  const overloaded = new ProviderFailure('overloaded', { provider: 'acme' }).toApiError();
  assert.equal(messagesFace.statusOf(overloaded), 529);
  assert.deepEqual(messagesFace.errorBody(overloaded, 'r1'), {
    type: 'error',
    error: { type: 'overloaded_error', message: overloaded.message },
    request_id: 'r1',
  });
  const limited = new ProviderFailure('rate_limited', { provider: 'acme' }).toApiError();
  const { name, data = '' } = readEvent(messagesFace.errorEvent(limited, 'r1'));
  assert.equal(name, 'error');
  assert.equal(JSON.parse(data).error.type, 'rate_limit_error');
});

test('counts input of a cache as input, and takes late counts over early ones', () => {
  const start = {
    input_tokens: 3,
    cache_read_input_tokens: 100,
    cache_creation_input_tokens: 20,
    output_tokens: 1,
  };
  assert.deepEqual(readMessageUsage(mergeUsage(start, { output_tokens: 42, input_tokens: null })), {
    inputTokens: 123,
    outputTokens: 42,
    cacheReadTokens: 100,
    cacheWriteTokens: 20,
  });
  assert.equal(readMessageUsage({ input_tokens: 3 }), undefined);
});
