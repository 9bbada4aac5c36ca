import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import type { components } from '@ibex/api/console';
import { forbiddenLabels, ibexContract } from '@ibex/contract';
import OpenAI from 'openai';
import { ConsoleClient } from './support/console-client.ts';
import { eventually } from './support/eventually.ts';
import { type House, startHouse } from './support/house.ts';
import { findProgram, skipWithout } from './support/programs.ts';

type Span = components['schemas']['Span'];
type Trace = components['schemas']['Trace'];

/** The metrics whose names break a rule of promtool, as the contract says with its reason. */
const lintExcepted = Object.entries(ibexContract.metrics)
  .filter(([, metric]) => 'lintExceptions' in metric)
  .map(([name]) => name);

describe('the whole house, driven by the official OpenAI client', () => {
  let house: House;
  let openai: OpenAI;
  const consoleClient = async () => {
    const client = new ConsoleClient(house.credentials.console_url);
    await client.login(house.credentials.admin_token);
    return client;
  };

  before(async () => {
    house = await startHouse();
    openai = new OpenAI({ apiKey: house.credentials.api_key, baseURL: house.apiUrl, maxRetries: 0 });
  });
  after(() => house?.dispose());

  test('answers a chat completion and says which request and trace it was', async () => {
    const { data, response } = await openai.chat.completions
      .create({ model: 'echo', messages: [{ role: 'user', content: 'Which animal climbs best?' }] })
      .withResponse();
    assert.match(data.choices[0]?.message.content ?? '', /Which animal climbs best\?/);
    assert.equal(data.choices[0]?.finish_reason, 'stop');
    assert.ok((data.usage?.total_tokens ?? 0) > 0);
    assert.match(response.headers.get('x-request-id') ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    assert.match(response.headers.get('x-trace-id') ?? '', /^[0-9a-f]{32}$/);
  });

  test('streams a chat completion with usage', async () => {
    const stream = await openai.chat.completions.create({
      model: 'echo',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'one two three' }],
    });
    let text = '';
    let tokens = 0;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      tokens = chunk.usage?.completion_tokens ?? tokens;
    }
    assert.match(text, /one two three/);
    assert.ok(tokens > 0);
  });

  test('lists the models', async () => {
    const models = await openai.models.list();
    assert.ok(models.data.some((model) => model.id === 'echo'));
  });

  test('maps errors onto the classes of the client', async () => {
    const wrongKey = new OpenAI({
      apiKey: 'ibex_0000000000000000_wrong',
      baseURL: house.apiUrl,
      maxRetries: 0,
    });
    const messages = [{ role: 'user' as const, content: 'hello' }];
    await assert.rejects(
      wrongKey.chat.completions.create({ model: 'echo', messages }),
      OpenAI.AuthenticationError,
    );
    await assert.rejects(
      openai.chat.completions.create({ model: 'nothing', messages }),
      OpenAI.NotFoundError,
    );
  });

  test('shows the request as one trace over proxy and auth, with its log lines', async () => {
    const { response } = await openai.chat.completions
      .create(
        { model: 'echo', messages: [{ role: 'user', content: 'trace me' }] },
        { headers: { 'x-request-id': 'journey-trace-1' } },
      )
      .withResponse();
    const traceId = response.headers.get('x-trace-id');
    const client = await consoleClient();
    const spans = await eventually(
      async () => {
        const trace = await client.get<Trace>(`/api/telemetry/traces/${traceId}`);
        return trace.spans.some((span) => span.parentSpanId === null) ? trace.spans : undefined;
      },
      { what: 'the trace in the console' },
    );
    const server = find(spans, 'POST /v1/chat/completions', 'proxy');
    assert.equal(server.parentSpanId, null);
    assert.equal(server.attributes['http.request_id'], 'journey-trace-1');
    assert.equal(find(spans, 'provider.generate', 'proxy').parentSpanId, server.spanId);
    const logs = await eventually(
      async () => {
        const page = await client.get<components['schemas']['LogPage']>(
          `/api/telemetry/logs?traceId=${traceId}`,
        );
        return page.logs.length > 0 ? page.logs : undefined;
      },
      { what: 'the log lines in the console' },
    );
    assert.ok(logs.every((line) => line.requestId === 'journey-trace-1'));
  });

  test('shows the call to auth from both sides', async () => {
    const client = await consoleClient();
    const spans = await eventually(
      async () => {
        const page = await client.get<components['schemas']['SpanPage']>('/api/telemetry/spans?service=auth');
        const traceId = page.spans.find(
          (span) => span.name.endsWith('/ValidateToken') && span.traceServices.includes('proxy'),
        )?.traceId;
        return traceId === undefined
          ? undefined
          : (await client.get<Trace>(`/api/telemetry/traces/${traceId}`)).spans;
      },
      { what: 'a ValidateToken call from the proxy' },
    );
    const called = spans.find((span) => span.name.endsWith('/ValidateToken') && span.serviceName === 'auth');
    const caller = spans.find((span) => span.spanId === called?.parentSpanId);
    assert.equal(caller?.serviceName, 'proxy');
    assert.equal(caller?.kind, 'client');
  });

  test('exposes the whole catalog on both services, without a forbidden label', async () => {
    for (const port of [house.ports.IBEX_PROXY_PORT, house.ports.IBEX_AUTH_HTTP_PORT]) {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      for (const [name, { type }] of Object.entries(ibexContract.metrics)) {
        assert.ok(text.includes(`\n# TYPE ${name} ${type}\n`), `${name} on port ${port}`);
      }
      for (const label of forbiddenLabels) assert.ok(!text.includes(`${label}="`), label);
    }
  });

  test('moves the metrics of the catalog', async () => {
    const proxy = await (await fetch(`http://127.0.0.1:${house.ports.IBEX_PROXY_PORT}/metrics`)).text();
    const auth = await (await fetch(`http://127.0.0.1:${house.ports.IBEX_AUTH_HTTP_PORT}/metrics`)).text();
    // What moves only where routes, slow streams, reloads, prices, limits and losses are at play is tested beside them.
    const proxyMoves = Object.keys(ibexContract.metrics).filter(
      (name) =>
        /^(ibex_proxy|http|provider)_/.test(name) &&
        !/^ibex_proxy_(provider_circuit|stream_stalls|config|cost|limit_refusals|budget)|_dropped_total$/.test(
          name,
        ),
    );
    for (const name of proxyMoves)
      assert.match(proxy, new RegExp(`\n${name}(_count)?(\\{[^}]*\\})? [0-9]`), name);
    for (const name of [
      'ibex_auth_validate_token_duration_seconds',
      'ibex_auth_grpc_requests_total',
      'ibex_db_query_duration_seconds',
      'ibex_db_pool_open_connections',
      'ibex_process_up',
    ]) {
      assert.match(auth, new RegExp(`\n${name}(_count)?\\{[^}]*\\} [0-9]`), name);
    }
  });

  test('promtool accepts the metrics of both services but for the exceptions of the contract', {
    skip: skipWithout('promtool'),
  }, async () => {
    for (const port of [house.ports.IBEX_PROXY_PORT, house.ports.IBEX_AUTH_HTTP_PORT]) {
      const input = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      const { stderr } = spawnSync(findProgram('promtool') ?? '', ['check', 'metrics'], {
        input,
        encoding: 'utf8',
      });
      const complaints = stderr
        .split('\n')
        .filter((line) => line !== '' && !lintExcepted.some((name) => line.startsWith(`${name} `)));
      assert.deepEqual(complaints, []);
    }
  });
});

function find(spans: readonly Span[], name: string, service: string): Span {
  const span = spans.find((candidate) => candidate.name === name && candidate.serviceName === service);
  assert.ok(span, `${name} of ${service} in ${spans.map((candidate) => candidate.name).join(', ')}`);
  return span;
}
