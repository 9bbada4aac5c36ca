import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Gateway, startGateway } from './faults/harness/gateway.ts';
import type { LogLine } from './faults/harness/service.ts';
import { type Behaviour, chunk, completion, doneEvent, startStream } from './faults/harness/upstream.ts';
import { eventually } from './support/eventually.ts';

const calls = 300;
const atOnce = 20;
const usageChunk = (prompt: number, answer: number) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'acme-large', choices: [], usage: { prompt_tokens: prompt, completion_tokens: answer, total_tokens: prompt + answer } })}\n\n`;

/** A stream that takes its time, with another usage each time; every 17th breaks off. */
function provider(): Behaviour {
  let count = 0;
  return async (response, { body }) => {
    count += 1;
    const own = count;
    if (body.stream !== true) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(completion);
      return;
    }
    startStream(response);
    for (let piece = 0; piece < 6; piece += 1) {
      response.write(chunk(`word ${piece} `));
      await wait(5);
      if (own % 17 === 0 && piece === 3) {
        response.destroy();
        return;
      }
    }
    response.end(chunk('.', 'stop') + usageChunk(own, own * 2) + doneEvent);
  };
}

interface Amounts {
  calls: number;
  input: number;
  output: number;
  cost: number;
}

function sum(
  rows: readonly Readonly<Record<string, unknown>>[],
  names: { readonly input: string; readonly output: string; readonly cost: string },
): Amounts {
  const total = (name: string) => rows.reduce((value, row) => value + Number(row[name] ?? 0), 0);
  return {
    calls: rows.length,
    input: total(names.input),
    output: total(names.output),
    cost: total(names.cost),
  };
}

function byOutcome(outcomes: readonly unknown[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[String(outcome)] = (counts[String(outcome)] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).toSorted());
}

for (const onDisconnect of ['abort', 'drain'] as const) {
  describe(`a third of the streams is left by its clients, policy ${onDisconnect}`, () => {
    let gateway: Gateway;

    before(async () => {
      gateway = await startGateway({
        environment: { OTEL_SAMPLE_RATIO: '1', IBEX_STOP_TIMEOUT_MS: '10000' },
        config: {
          prices: { 'acme-*': { input: 2.5, output: 10 } },
          streaming: { on_disconnect: onDisconnect, estimate_usage: true },
          observability: {
            tracing: { sampler: { type: 'always' }, exporter: { type: 'stdout' } },
          },
        },
      });
      gateway.upstream.behave = provider();
    });
    after(() => gateway.stop());

    async function ask(index: number): Promise<void> {
      if (index % 4 === 3) await gateway.chat();
      else if (index % 3 === 0) {
        await gateway.chat(
          { stream: true },
          { onResponse: (response) => response.once('data', () => response.destroy()) },
        );
      } else await gateway.chat({ stream: true });
    }

    async function load(): Promise<void> {
      let next = 0;
      const worker = async () => {
        for (let index = next++; index < calls; index = next++) await ask(index);
      };
      await Promise.all(Array.from({ length: atOnce }, worker));
    }

    async function admin(path: string): Promise<Record<string, unknown>> {
      const headers = { authorization: `Bearer ${gateway.adminToken}` };
      const { status, body } = await gateway.send(path, { headers });
      assert.equal(status, 200, body);
      return JSON.parse(body) as Record<string, unknown>;
    }

    test('metrics, spans, log lines and ledger tell the same', async () => {
      await load();
      await eventually(
        async () => (await gateway.metrics()).sum('ibex_proxy_calls_in_flight') === 0 || undefined,
        {
          what: 'every call having ended',
        },
      );

      const { data } = await admin('/admin/usage?group_by=outcome');
      const rows = data as Record<string, number>[];
      const total = (name: string) => rows.reduce((value, row) => value + Number(row[name]), 0);
      const ledger: Amounts = {
        calls: total('calls'),
        input: total('input_tokens'),
        output: total('output_tokens'),
        cost: total('cost_usd_micros'),
      };
      assert.equal(ledger.calls, calls);
      assert.ok(ledger.input > 0 && ledger.output > 0 && ledger.cost > 0);

      const exposition = await gateway.metrics();
      assert.deepEqual(
        {
          calls: exposition.sum('ibex_proxy_call_usage_total'),
          input: exposition.sum('provider_tokens_total', 'type="input"'),
          output: exposition.sum('provider_tokens_total', 'type="output"'),
          cost: exposition.sum('ibex_proxy_cost_usd_micros_total'),
        },
        ledger,
        'metrics',
      );
      assert.equal(exposition.sum('ibex_proxy_tokens_total', 'type="output"'), ledger.output);

      const spans = await eventually(
        async () => {
          const found = gateway.proxy
            .lines()
            .filter(({ type, name }) => type === 'span' && String(name).startsWith('provider.generate'));
          return found.length >= calls ? found.map(({ attributes }) => attributes as LogLine) : undefined;
        },
        { what: 'every span' },
      );
      const spanNames = {
        input: 'gen_ai.usage.input_tokens',
        output: 'gen_ai.usage.output_tokens',
        cost: 'ibex.cost_usd_micros',
      };
      assert.deepEqual(sum(spans, spanNames), ledger, 'spans');

      const lines = gateway.proxy
        .lines()
        .filter(({ type, usage_source: source }) => type !== 'span' && source !== undefined);
      const lineNames = { input: 'input_tokens', output: 'output_tokens', cost: 'cost_usd_micros' };
      assert.deepEqual(sum(lines, lineNames), ledger, 'log lines');

      const outcomes = byOutcome(lines.map(({ outcome }) => outcome));
      assert.deepEqual(
        Object.fromEntries(rows.map(({ outcome, calls: count }) => [outcome, count]).toSorted()),
        outcomes,
      );
      const left = onDisconnect === 'abort' ? 'client_cancelled_aborted' : 'client_cancelled_drained';
      assert.ok((outcomes[left] ?? 0) > calls / 6, JSON.stringify(outcomes));
      assert.ok((outcomes.upstream_reset ?? 0) > 0, JSON.stringify(outcomes));

      const reconciliation = await admin('/admin/usage/reconciliation');
      const { equal, quiet, waiting, dropped } = reconciliation;
      assert.deepEqual(
        { equal, quiet, waiting, dropped },
        { equal: true, quiet: true, waiting: 0, dropped: 0 },
      );
    });
  });
}
