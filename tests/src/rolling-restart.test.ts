import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { eventually } from './support/eventually.ts';
import { freePorts } from './support/free-ports.ts';
import { skipWithout } from './support/programs.ts';
import { redisPrograms } from './support/redis.ts';
import { type ProxyProcess, type Surroundings, startSurroundings } from './support/several-proxies.ts';

const connections = 8;
const restarts = 3;
/** Each client thinks for up to so long, so that at any time some connections are idle. */
const longestPauseMs = 200;

/** Clients that go on asking over connections they keep, until they are told to stop. */
class Clients {
  readonly failures: unknown[] = [];
  served = 0;
  readonly #agent = new Agent({ connections, pipelining: 1 });
  readonly #url: string;
  readonly #apiKey: string;
  readonly #running: Promise<unknown>;
  #isOver = false;

  constructor(url: string, apiKey: string) {
    this.#url = `${url}/v1/chat/completions`;
    this.#apiKey = apiKey;
    this.#running = Promise.all(Array.from({ length: connections }, (_, index) => this.#goOn(index)));
  }

  async #goOn(client: number): Promise<void> {
    for (let turn = 0; !this.#isOver; turn += 1) {
      await this.#ask(turn % 3 === 0).catch((error: unknown) => this.failures.push(error));
      await wait((turn * 37 + client * 53) % longestPauseMs);
    }
  }

  async #ask(stream: boolean): Promise<void> {
    const { statusCode, body } = await request(this.#url, {
      method: 'POST',
      dispatcher: this.#agent,
      headers: { authorization: `Bearer ${this.#apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'echo', stream, messages: [{ role: 'user', content: 'go on' }] }),
    });
    const text = await body.text();
    assert.equal(statusCode, 200, text);
    assert.match(text, stream ? /data: \[DONE\]\n\n$/ : /"finish_reason":"stop"/);
    this.served += 1;
  }

  async more(count: number): Promise<void> {
    const goal = this.served + count;
    await eventually(() => this.served >= goal || undefined, { what: `${count} more answers` });
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
    await this.#agent.close();
  }
}

describe('a proxy that is replaced at its port', { skip: skipWithout(...redisPrograms) }, () => {
  let surroundings: Surroundings;
  before(async () => {
    surroundings = await startSurroundings();
  });
  after(() => surroundings?.dispose());

  test('loses no request of clients that keep their connections, again and again', async () => {
    const [port = 0, ...metricsPorts] = await freePorts(2 + restarts);
    const start = (metricsPort = 0): Promise<ProxyProcess> => surroundings.startProxy({ port, metricsPort });
    let serving = await start(metricsPorts.shift());
    const clients = new Clients(serving.url, surroundings.apiKey);
    try {
      for (const metricsPort of metricsPorts) {
        await clients.more(3 * connections);
        const next = await start(metricsPort);
        assert.equal(await serving.service.stop(), 0, serving.service.output.slice(-5).join('\n'));
        serving = next;
      }
      await clients.more(3 * connections);
    } finally {
      await clients.stop();
    }
    assert.deepEqual(clients.failures, []);
  });
});
