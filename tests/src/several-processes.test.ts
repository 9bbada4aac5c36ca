import assert from 'node:assert/strict';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { collect, send } from './faults/harness/client.ts';
import type { Exposition } from './faults/harness/exposition.ts';
import { eventually } from './support/eventually.ts';
import { freePorts } from './support/free-ports.ts';
import { skipWithout } from './support/programs.ts';
import { redisPrograms } from './support/redis.ts';
import { type ProxyProcess, type Surroundings, startSurroundings } from './support/several-proxies.ts';

const requests = 400;
const atOnce = 20;
const chatPath = '/v1/chat/completions';

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}

function headersFor(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
}

function chat(content: string, more: object = {}): string {
  return JSON.stringify({ model: 'echo', messages: [{ role: 'user', content }], ...more });
}

/** What the client was told it used: in the body, or in the last event but one of a stream. */
function usageIn(body: string): Usage {
  const events = [...body.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => data ?? '');
  const { usage } = JSON.parse(events.at(-1) ?? body) as { usage: Usage };
  return usage;
}

/** Runs `work` this often, with so many at once. */
async function repeat(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

function sums(expositions: readonly Exposition[]) {
  const sum = (metric: string, ...labels: string[]) =>
    expositions.reduce((total, exposition) => total + exposition.sum(metric, ...labels), 0);
  return {
    http: sum('http_requests_total', `path="${chatPath}"`, 'status="200"'),
    provider: sum('provider_requests_total', 'status="ok"'),
    input: sum('provider_tokens_total', 'type="input"'),
    output: sum('provider_tokens_total', 'type="output"'),
  };
}

async function json(url: string, options: Parameters<typeof send>[1]): Promise<Record<string, unknown>> {
  const { status, body } = await send(url, options);
  assert.ok(status < 300, `${status} ${body}`);
  return JSON.parse(body) as Record<string, unknown>;
}

describe('two proxies on one port', { skip: skipWithout(...redisPrograms) }, () => {
  let surroundings: Surroundings;
  let proxies: readonly [ProxyProcess, ProxyProcess];
  let url: string;

  before(async () => {
    surroundings = await startSurroundings();
    const [port = 0, one = 0, other = 0] = await freePorts(3);
    proxies = await Promise.all([
      surroundings.startProxy({ port, metricsPort: one }),
      surroundings.startProxy({ port, metricsPort: other }),
    ]);
    url = proxies[0].url;
  });
  after(() => surroundings?.dispose());

  const expositions = () => Promise.all(proxies.map((proxy) => proxy.metrics()));
  const admin = (path: string) => json(`${url}${path}`, { headers: headersFor(surroundings.adminToken) });

  test('each counts what it served, and together they count what the clients saw', async () => {
    const seen = { http: 0, provider: 0, input: 0, output: 0 };
    await repeat(requests, async (index) => {
      const stream = index % 3 === 0 ? { stream: true, stream_options: { include_usage: true } } : {};
      const answer = await send(`${url}${chatPath}`, {
        method: 'POST',
        headers: headersFor(surroundings.apiKey),
        body: chat(`request ${index} ${'word '.repeat(index % 7)}`, stream),
      });
      assert.equal(answer.status, 200, answer.body);
      const usage = usageIn(answer.body);
      seen.http += 1;
      seen.provider += 1;
      seen.input += usage.prompt_tokens;
      seen.output += usage.completion_tokens;
    });
    assert.equal(seen.http, requests);
    await eventually(async () => {
      assert.deepEqual(sums(await expositions()), seen);
      return true;
    });
    for (const exposition of await expositions()) assert.ok(sums([exposition]).http > 0, 'it served some');

    await eventually(async () => {
      const { data } = await admin('/admin/usage?group_by=');
      const [total] = data as Record<string, number>[];
      assert.deepEqual(
        { calls: total?.calls, input: total?.input_tokens, output: total?.output_tokens },
        { calls: requests, input: seen.input, output: seen.output },
        'the ledger has each call once',
      );
      return true;
    });
  });

  test('what is about one process is not at the port they share', async () => {
    for (const path of ['/metrics', '/healthz', '/readyz']) {
      assert.equal((await send(`${url}${path}`)).status, 404, path);
      for (const { metricsUrl } of proxies)
        assert.equal((await send(`${metricsUrl}${path}`)).status, 200, path);
    }
    for (const { metricsUrl } of proxies) assert.equal((await send(`${metricsUrl}/v1/models`)).status, 404);
  });

  test("each's metrics agree with what the ledger has of it", async () => {
    const gateways = new Set<unknown>();
    await eventually(async () => {
      const { gateway, equal } = await admin('/admin/usage/reconciliation');
      assert.equal(equal, true);
      gateways.add(gateway);
      return gateways.size === proxies.length || undefined;
    });
  });

  test('a limit of requests per minute holds over both together', async () => {
    const limit = 60;
    const organisation = await json(`${surroundings.authUrl}/v1/organisations`, {
      method: 'POST',
      headers: headersFor(surroundings.adminToken),
      body: JSON.stringify({
        name: 'limited',
        limits: { requestsPerMinute: limit },
      }),
    });
    const { adminToken: token } = organisation as { adminToken: string };
    const before = await expositions();
    const startedAt = performance.now();
    const statuses: number[] = [];
    await repeat(3 * limit, async (index) => {
      const { status } = await send(`${url}${chatPath}`, {
        method: 'POST',
        headers: headersFor(token),
        body: chat(`request ${index}`),
      });
      statuses.push(status);
    });
    const allowed = statuses.filter((status) => status === 200).length;
    // The bucket empties by one each second meanwhile.
    const meanwhile = Math.ceil((performance.now() - startedAt) / 1000);
    assert.ok(allowed >= limit && allowed <= limit + meanwhile, `${allowed} allowed in ${meanwhile} s`);
    assert.equal(statuses.filter((status) => status === 429).length, statuses.length - allowed);
    const now = await expositions();
    for (const [index, exposition] of now.entries()) {
      const denied = (at: Exposition | undefined) =>
        at?.sum('ibex_proxy_rate_limited_total', 'result="denied"') ?? 0;
      assert.ok(denied(exposition) > denied(before[index]), 'each refused some');
    }
  });

  test('one drains while requests go on: none fails, and the other serves them all', async () => {
    const agent = new Agent({ keepAlive: true });
    const keepGoing = { until: false };
    const failures: unknown[] = [];
    let served = 0;
    const ask = async () => {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const options = { method: 'POST', agent, headers: headersFor(surroundings.apiKey) };
        httpRequest(`${url}${chatPath}`, options, resolve)
          .once('error', reject)
          .end(chat('/latency 5ms go on'));
      });
      const answer = await collect(response);
      assert.ok(answer.status === 200 && answer.complete, `${answer.status} ${answer.body}`);
      served += 1;
    };
    const worker = async () => {
      while (!keepGoing.until) await ask().catch((error: unknown) => failures.push(error));
    };
    const workers = Array.from({ length: 6 }, worker);
    const more = async (count: number) => {
      const goal = served + count;
      await eventually(() => served >= goal || undefined, { what: `${count} more answers` });
    };
    try {
      const [leaving, staying] = proxies;
      await more(20);
      const stopping = leaving.service.stop();
      await eventually(async () => {
        assert.equal((await send(`${leaving.metricsUrl}/readyz`)).status, 503);
        return true;
      });
      assert.equal((await send(`${staying.metricsUrl}/readyz`)).status, 200);
      assert.equal(await stopping, 0, leaving.service.output.slice(-5).join('\n'));
      const before = await staying.metrics();
      await more(20);
      assert.ok(sums([await staying.metrics()]).http >= sums([before]).http + 20);
    } finally {
      keepGoing.until = true;
      await Promise.all(workers);
      agent.destroy();
    }
    assert.deepEqual(failures, []);
  });
});

describe('two proxies on ports of their own', { skip: skipWithout(...redisPrograms) }, () => {
  let surroundings: Surroundings;
  let proxies: readonly [ProxyProcess, ProxyProcess];

  before(async () => {
    surroundings = await startSurroundings();
    proxies = await Promise.all([surroundings.startProxy({ port: 0 }), surroundings.startProxy({ port: 0 })]);
  });
  after(() => surroundings?.dispose());

  test('a conversation begun at one goes on at the other, and ends for both', async () => {
    const [one, other] = proxies;
    const headers = headersFor(surroundings.apiKey);
    const respond = (proxy: ProxyProcess, body: object) =>
      json(`${proxy.url}/v1/responses`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ model: 'echo', ...body }),
      });
    const first = await respond(one, { input: 'first' });
    const second = await respond(other, { input: 'second', previous_response_id: first.id });
    assert.equal(second.previous_response_id, first.id);
    const third = await respond(one, { input: 'third', previous_response_id: second.id });
    assert.equal((await send(`${other.url}/v1/responses/${String(third.id)}`, { headers })).status, 200);
    assert.equal(
      (await send(`${other.url}/v1/responses/${String(third.id)}`, { method: 'DELETE', headers })).status,
      200,
    );
    assert.equal((await send(`${one.url}/v1/responses/${String(third.id)}`, { headers })).status, 404);
  });

  test('each has its own numbers at its own port', async () => {
    const before = await Promise.all(proxies.map((proxy) => proxy.metrics()));
    for (const [index, { url }] of proxies.entries()) {
      for (let count = 0; count <= index; count += 1) {
        const { status } = await send(`${url}${chatPath}`, {
          method: 'POST',
          headers: headersFor(surroundings.apiKey),
          body: chat('hello'),
        });
        assert.equal(status, 200);
      }
    }
    await eventually(async () => {
      const now = await Promise.all(proxies.map((proxy) => proxy.metrics()));
      const added = now.map(
        (at, index) => sums([at]).http - (before[index] ? sums([before[index]]).http : 0),
      );
      assert.deepEqual(added, [1, 2]);
      return true;
    });
  });
});
