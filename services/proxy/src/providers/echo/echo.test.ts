import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../api-error.ts';
import { readChatRequest } from '../../dialects/chat/request.ts';
import { readEvent } from '../../sse/event.ts';
import { reportForTest } from '../../testing/call-report.ts';
import { ProviderFailure } from '../failure.ts';
import { createEchoProvider } from './provider.ts';
import { readEchoRequest } from './request.ts';
import { words } from './stream.ts';

const timeouts = { connectMs: 1000, headersMs: 20, idleMs: 1000 };
const echo = createEchoProvider({ timeouts });

function ask(content: string, options: Record<string, unknown> = {}) {
  const messages = [
    { role: 'system', content: 'be brief' },
    { role: 'user', content },
  ];
  return readChatRequest({ model: 'echo', messages, ...options }, Buffer.from(''));
}

async function generate(content: string, options: Record<string, unknown> = {}) {
  const report = reportForTest();
  const body = JSON.parse(Buffer.from(await echo.generate(ask(content, options), report)).toString());
  return { report, body };
}

async function stream(content: string, options: Record<string, unknown> = {}) {
  const report = reportForTest();
  const events: string[] = [];
  for await (const event of await echo.stream(ask(content, { stream: true, ...options }), report)) {
    events.push(readEvent(event).data ?? '');
  }
  return { report, events };
}

test('answers with the last user message and estimates the tokens', async () => {
  const { report, body } = await generate('Hello, world!');
  assert.equal(body.object, 'chat.completion');
  assert.equal(body.choices[0].message.content, 'Hello, world!');
  assert.deepEqual(body.usage, { prompt_tokens: 6, completion_tokens: 4, total_tokens: 10 });
  assert.equal(report.answer.usageSource, 'estimated');
  assert.deepEqual(report.answer.usage, { inputTokens: 6, outputTokens: 4 });
  assert.deepEqual(report.answer.finishReasons, ['stop']);
  assert.equal(body.id, 'chatcmpl-request-1');
});

test('cuts the answer at max_tokens and says so', async () => {
  const { body } = await generate('abcdefghijkl', { max_tokens: 2 });
  assert.equal(body.choices[0].message.content, 'abcdefgh');
  assert.equal(body.choices[0].finish_reason, 'length');
});

test('streams word by word and ends with [DONE], with usage where asked', async () => {
  const plain = await stream('one two  three');
  assert.equal(plain.events.at(-1), '[DONE]');
  const deltas = plain.events.slice(0, -1).map((event) => JSON.parse(event).choices[0].delta.content ?? '');
  assert.deepEqual(deltas, ['', 'one ', 'two  ', 'three', '']);
  assert.equal(plain.report.answer.chunkCount, 5);
  assert.ok(plain.report.answer.firstTokenAt !== undefined);

  const withUsage = await stream('one two', { stream_options: { include_usage: true } });
  const last = JSON.parse(withUsage.events.at(-2) ?? '');
  assert.deepEqual(last.choices, []);
  assert.equal(last.usage.total_tokens, 6);
});

test('words put together are the text, also of whitespace alone', () => {
  for (const text of ['', ' ', 'a', ' a b\n\nc ', '\t\t\n', 'x'.repeat(50)]) {
    assert.equal([...words(text)].join(''), text);
  }
});

test('reads instructions at the beginning, several of them, and leaves other slashes alone', () => {
  const read = (content: string) => readEchoRequest(ask(content));
  assert.deepEqual(read('/latency 2s /stream-delay 50ms\n/die-after 3 hello there'), {
    text: 'hello there',
    latencyMs: 2000,
    streamDelayMs: 50,
    failStatus: undefined,
    dieAfterChunks: 3,
    hangMs: undefined,
  });
  assert.equal(read('/latency 250').latencyMs, 250);
  assert.equal(read('/hang').hangMs, Number.POSITIVE_INFINITY);
  assert.equal(read('/hang 5s x').hangMs, 5000);
  assert.equal(read('/hang on').text, 'on');
  assert.equal(read('/etc/passwd is a file').text, '/etc/passwd is a file');
  assert.equal(read('say /fail 503').failStatus, undefined);
  assert.equal(read('/constructor x').text, '/constructor x');
  assert.match(read('/help').text, /\/stream-delay 50ms – wait/);
});

test('refuses arguments out of bounds, naming the message', () => {
  for (const content of [
    '/latency',
    '/latency soon',
    '/latency 61s',
    '/fail 200',
    '/die-after -1',
    '/hang 601s',
  ]) {
    assert.throws(
      () => readEchoRequest(ask(content)),
      (error) =>
        error instanceof ApiError && error.statusCode === 400 && error.param === 'messages[1].content',
      content,
    );
  }
});

test('fails, dies and hangs as asked', async () => {
  const failsAs = (kind: string) => (error: unknown) =>
    error instanceof ProviderFailure && error.kind === kind;
  await assert.rejects(generate('/fail 503'), failsAs('overloaded'));
  await assert.rejects(generate('/fail 422'), failsAs('rejected'));
  await assert.rejects(generate('/die-after 0'), failsAs('reset'));
  await assert.rejects(generate('/hang'), failsAs('headers_timeout'));
  await assert.rejects(generate('/hang 1ms'), failsAs('headers_timeout'));
  await assert.rejects(stream('/fail 500'), failsAs('failed'));
  await assert.rejects(stream('/die-after 2 a b c'), failsAs('reset'));
});

test('stops waiting when the signal aborts, with its reason', async () => {
  const report = reportForTest();
  const reason = new ProviderFailure('client_left', { provider: 'echo' });
  const call = echo.generate(ask('/latency 60s'), report);
  report.abort(reason);
  await assert.rejects(call, (error) => error === reason);
});

test('refuses several choices', async () => {
  await assert.rejects(generate('x', { n: 2 }), /n must be 1/);
});
