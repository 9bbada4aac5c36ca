import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import OpenAI from 'openai';
import { startGateway, type TestGateway } from '../testing/gateway.ts';
import {
  type Behaviour,
  doneLine,
  startEvents,
  startUpstream,
  upstreamConfig,
  wire,
} from '../testing/upstream.ts';

const model = 'gpt-3.5-turbo-instruct';
const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
const head = {
  id: 'cmpl-C1',
  object: 'text_completion',
  created: 1_754_000_000,
  model: `${model}:20230824-v2`,
};

function choice(text: string, finishReason: string | null = null) {
  return { text, index: 0, logprobs: null, finish_reason: finishReason };
}

/** In the shapes recorded from OpenAI. */
const answerCompletions: Behaviour = (response, { body }) => {
  if (body.stream !== true) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ...head, choices: [choice(' upon a time', 'stop')], usage }));
    return;
  }
  startEvents(response);
  const chunks = [
    ...[' upon', ' a', ' time'].map((text) => ({ ...head, choices: [choice(text)] })),
    { ...head, choices: [choice('', 'stop')] },
  ];
  const asked = (body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;
  response.end(wire(asked ? [...chunks, { ...head, choices: [], usage }] : chunks) + doneLine);
};

async function start(context: TestContext) {
  const upstream = await startUpstream(context);
  upstream.behave = answerCompletions;
  const gateway = await startGateway(context, { config: upstreamConfig(upstream, { models: [model] }) });
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'good', maxRetries: 0 });
  return { gateway, upstream, client };
}

/** The text of a stream, and the usage where a chunk tells it. */
async function read(stream: AsyncIterable<OpenAI.Completion>) {
  let text = '';
  let told: OpenAI.CompletionUsage | undefined;
  let chunksWithoutChoice = 0;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.text ?? '';
    told = chunk.usage ?? told;
    if (chunk.choices.length === 0) chunksWithoutChoice += 1;
  }
  return { text, told, chunksWithoutChoice };
}

async function tokens(gateway: TestGateway, provider: string) {
  const of = (type: string) =>
    gateway.metric(
      `provider_tokens_total{provider="${provider}",model="${provider === 'echo' ? 'echo' : model}",type="${type}"}`,
    );
  return [await of('input'), await of('output')];
}

test('the openai client completes texts at a provider and at the echo, whole and streamed', async (context) => {
  const { client, upstream } = await start(context);
  for (const [asked, expected] of [
    [model, ' upon a time'],
    ['echo', 'Once'],
  ] as const) {
    const completion = await client.completions.create({ model: asked, prompt: 'Once', suffix: '.' });
    assert.equal(completion.object, 'text_completion');
    assert.equal(completion.choices[0]?.text, expected);
    assert.equal(completion.choices[0]?.finish_reason, 'stop');
    assert.ok((completion.usage?.total_tokens ?? 0) > 0);
    assert.match(completion._request_id ?? '', /^[0-9a-f-]{36}$/);

    const whole = await read(await client.completions.create({ model: asked, prompt: 'Once', stream: true }));
    assert.deepEqual(whole, { text: expected, told: undefined, chunksWithoutChoice: 0 });
    const options = { stream: true, stream_options: { include_usage: true } } as const;
    const counted = await read(await client.completions.create({ model: asked, prompt: 'Once', ...options }));
    assert.equal(counted.text, expected);
    assert.equal(counted.chunksWithoutChoice, 1);
    assert.ok((counted.told?.total_tokens ?? 0) > 0);
  }
  assert.deepEqual(
    upstream.calls.map(({ path }) => path),
    Array(3).fill('/v1/completions'),
  );
  assert.deepEqual(upstream.calls[0]?.body, { model, prompt: 'Once', suffix: '.' });
  assert.deepEqual(
    upstream.calls.slice(1).map(({ body }) => body.stream_options),
    [{ include_usage: true }, { include_usage: true }],
    'the usage is asked for whether or not the client wants it',
  );
});

test('counts what was used, and names the operation on span and metric', async (context) => {
  const { client, gateway } = await start(context);
  await read(await client.completions.create({ model, prompt: 'Once', stream: true }));
  await client.completions.create({ model: 'echo', prompt: 'eight ch' });
  assert.deepEqual(await tokens(gateway, 'acme'), [3, 4]);
  assert.deepEqual(await tokens(gateway, 'echo'), [2, 2]);
  const labels = `gen_ai_operation_name="text_completion",gen_ai_provider_name="acme",gen_ai_request_model="${model}"`;
  assert.equal(await gateway.metric(`gen_ai_client_operation_duration_seconds_count{${labels}}`), 1);
  const span = (await gateway.spans()).find(({ name }) => name === 'provider.generate_stream');
  assert.equal(span?.attributes['gen_ai.operation.name'], 'text_completion');
  assert.equal(span?.attributes['gen_ai.usage.output_tokens'], 4);
});

test('the echo follows its instructions, and takes one text', async (context) => {
  const { client } = await start(context);
  const broken = client.completions.create({
    model: 'echo',
    prompt: '/die-after 2 one two three',
    stream: true,
  });
  await assert.rejects(
    async () => read(await broken),
    (error) => error instanceof OpenAI.APIError && error.code === 'upstream_reset',
  );
  await assert.rejects(
    client.completions.create({ model: 'echo', prompt: '/latency never' }),
    (error) => error instanceof OpenAI.BadRequestError && error.param === 'prompt',
  );
  await assert.rejects(
    client.completions.create({ model: 'echo', prompt: ['one', 'two'] }),
    (error) =>
      error instanceof OpenAI.BadRequestError && /prompt must be one text .* there are 2/.test(error.message),
  );
  const cut = await client.completions.create({ model: 'echo', prompt: 'one two three', max_tokens: 1 });
  assert.deepEqual([cut.choices[0]?.text, cut.choices[0]?.finish_reason], ['one ', 'length']);
});

test('a model whose provider has no completions is refused, and what does as well is named', async (context) => {
  const config = {
    providers: [{ name: 'claude', type: 'anthropic', api_key: 'key', models: ['claude-x'] }],
  };
  const gateway = await startGateway(context, { config });
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'good', maxRetries: 0 });
  await assert.rejects(client.completions.create({ model: 'claude-x', prompt: 'Once' }), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.code, 'unsupported_endpoint');
    assert.match(
      error.message,
      /"claude-x" .*\(completions\).* Send the prompt as a message to \/v1\/chat\/completions/,
    );
    return true;
  });
});
