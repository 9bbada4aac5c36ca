import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import OpenAI from 'openai';
import { goodToken } from '../testing/auth-server.ts';
import { startGateway, type TestGateway } from '../testing/gateway.ts';
import { answerJson, startUpstream, upstreamConfig } from '../testing/upstream.ts';

const messages = [{ role: 'user' as const, content: 'Hello there, gateway' }];

async function start(context: TestContext) {
  const upstream = await startUpstream(context);
  const gateway = await startGateway(context, { config: upstreamConfig(upstream) });
  return { gateway, upstream };
}

function clientOf(gateway: TestGateway, options: { apiKey?: string; organization?: string } = {}): OpenAI {
  return new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'good', maxRetries: 0, ...options });
}

test('the openai client completes chats, whole and streamed, with the request id', async (context) => {
  const { gateway } = await start(context);
  const client = clientOf(gateway);
  for (const [model, expected] of [
    ['echo', 'Hello there, gateway'],
    ['gpt-4o-mini', 'Hello! How can I help?'],
  ] as const) {
    const completion = await client.chat.completions.create({ model, messages });
    assert.equal(completion.choices[0]?.message.content, expected);
    assert.match(completion._request_id ?? '', /^[0-9a-f-]{36}$/);
    assert.ok((completion.usage?.total_tokens ?? 0) > 0);
  }
  for (const [model, expected] of [
    ['echo', 'Hello there, gateway'],
    ['gpt-4o-mini', 'Hello! Grüße 👋'],
  ] as const) {
    let text = '';
    for await (const chunk of await client.chat.completions.create({ model, messages, stream: true })) {
      assert.equal(
        chunk.choices.length,
        1,
        'a chunk without choices reached a client that did not ask for usage',
      );
      text += chunk.choices[0]?.delta.content ?? '';
    }
    assert.equal(text, expected);
  }
});

test('its stream helper gathers usage when it asks for it', async (context) => {
  const { gateway } = await start(context);
  for (const model of ['echo', 'gpt-4o-mini']) {
    const stream = clientOf(gateway).chat.completions.stream({
      model,
      messages,
      stream_options: { include_usage: true },
    });
    const completion = await stream.finalChatCompletion();
    assert.ok((completion.usage?.completion_tokens ?? 0) > 0, model);
  }
});

test('it lists and describes models', async (context) => {
  const { gateway } = await start(context);
  const client = clientOf(gateway);
  const { data } = await client.models.list();
  assert.deepEqual(
    data.map(({ id, owned_by }) => [id, owned_by]),
    [
      ['echo', 'echo'],
      ['gpt-4o-mini', 'acme'],
    ],
  );
  assert.equal((await client.models.retrieve('gpt-4o-mini')).object, 'model');
  await assert.rejects(client.models.retrieve('gpt-9'), OpenAI.NotFoundError);
});

test('errors arrive as its own classes, with code, param and request id', async (context) => {
  const { gateway, upstream } = await start(context);
  gateway.auth.tokens.set('limited', goodToken({ orgId: 'org-small', requestsPerMinute: 1 }));
  const ask = (options: { apiKey?: string; organization?: string }, body: Record<string, unknown> = {}) =>
    clientOf(gateway, options).chat.completions.create({ model: 'echo', messages, ...body });
  const wrong = [{ role: 'user' as const, content: '/fail 503' }];
  await ask({ apiKey: 'limited' });
  const cases: readonly [() => Promise<unknown>, new (...args: never) => Error, string, string | null][] = [
    [() => ask({ apiKey: 'nobody' }), OpenAI.AuthenticationError, 'invalid_api_key', null],
    [() => ask({ organization: 'org-2' }), OpenAI.AuthenticationError, 'mismatched_organization', null],
    [() => ask({}, { model: 'gpt-9' }), OpenAI.NotFoundError, 'model_not_found', 'model'],
    [() => ask({}, { temperature: 9 }), OpenAI.BadRequestError, 'invalid_value', 'temperature'],
    [() => ask({ apiKey: 'limited' }), OpenAI.RateLimitError, 'rate_limit_exceeded', null],
    [() => ask({}, { messages: wrong }), OpenAI.InternalServerError, 'upstream_overloaded', null],
  ];
  for (const [call, errorClass, code, param] of cases) {
    await assert.rejects(call(), (error) => {
      assert.ok(error instanceof errorClass && error instanceof OpenAI.APIError, code);
      assert.equal(error.code, code);
      assert.equal(error.param, param);
      assert.equal((error.error as { request_id: string }).request_id, error.requestID);
      return true;
    });
  }
  upstream.behave = answerJson(429, { error: { message: 'slow down', code: 'rate_limit_exceeded' } });
  await assert.rejects(ask({}, { model: 'gpt-4o-mini' }), OpenAI.RateLimitError);
});

test('an error in the middle of a stream is thrown while it iterates', async (context) => {
  const { gateway } = await start(context);
  const stream = await clientOf(gateway).chat.completions.create({
    model: 'echo',
    messages: [{ role: 'user', content: '/die-after 3 one two three four' }],
    stream: true,
  });
  let chunks = 0;
  await assert.rejects(
    async () => {
      for await (const _chunk of stream) chunks += 1;
    },
    (error) => error instanceof OpenAI.APIError && error.code === 'upstream_reset',
  );
  assert.equal(chunks, 3);
});

test('it tries again after a failure that may pass, and not when told not to', async (context) => {
  const { gateway, upstream } = await start(context);
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'good', maxRetries: 2 });
  const ask = () => client.chat.completions.create({ model: 'gpt-4o-mini', messages });
  const succeed = upstream.behave;
  let failures = 1;
  upstream.behave = (response, call) =>
    failures-- > 0
      ? answerJson(503, { error: { message: 'busy' } }, { 'retry-after': '0' })(response, call)
      : succeed(response, call);
  assert.equal((await ask()).choices.length, 1);
  assert.equal(upstream.calls.length, 2);
  upstream.behave = answerJson(401, { error: { message: 'bad key acme-secret-key-1234' } });
  await assert.rejects(
    ask(),
    (error) => error instanceof OpenAI.APIError && !/acme-secret/.test(error.message),
  );
  assert.equal(upstream.calls.length, 3);
});
