import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, errorsOf } from './harness/answer.ts';
import { type Gateway, startGateway } from './harness/gateway.ts';
import {
  answerJson,
  type Behaviour,
  chunk,
  completion,
  doneEvent,
  startStream,
  wholeStream,
} from './harness/upstream.ts';

/** What a provider does, and what the client sees of it. */
interface Fault {
  readonly name: string;
  readonly behave?: Behaviour;
  readonly model?: string;
  /** Asked for whole, as a stream, or, by default, both ways. */
  readonly ways?: readonly boolean[];
  /** 200 for a stream that had begun. */
  readonly status: number;
  /** Undefined for an answer without fault. */
  readonly code: string | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** What the stream holds before the error. */
  readonly begins?: string;
  /** Of `ibex_proxy_stream_outcomes_total`. */
  readonly outcome?: string;
}

const whole = [false];
const streamed = [true];
const hello = chunk('Hello');

/** Sends the bytes one by one. */
async function trickle(response: ServerResponse, { text, pauseMs }: { text: string; pauseMs: number }) {
  for (const byte of Buffer.from(text)) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await delay(pauseMs);
  }
  response.end();
}

const refusal = (message: string) =>
  JSON.stringify({ error: { message, type: 'x', code: null, param: null } });

const faults: readonly Fault[] = [
  { name: 'refuses the connection', model: 'dead', status: 502, code: 'upstream_unreachable' },
  { name: 'hangs', behave: () => undefined, status: 504, code: 'upstream_timeout' },
  {
    name: 'hangs after its headers',
    behave: (response) => startStream(response).flushHeaders(),
    ways: streamed,
    status: 200,
    code: 'upstream_idle_timeout',
    outcome: 'idle_timeout',
  },
  {
    name: 'hangs in the middle of its stream',
    behave: (response) => startStream(response).write(hello),
    ways: streamed,
    status: 200,
    code: 'upstream_idle_timeout',
    begins: hello,
    outcome: 'idle_timeout',
  },
  {
    name: 'trickles a stream, within its limits',
    behave: (response) => trickle(startStream(response), { text: wholeStream, pauseMs: 2 }),
    ways: streamed,
    status: 200,
    code: undefined,
    begins: wholeStream,
    outcome: 'completed',
  },
  {
    name: 'trickles an answer, within its limits',
    behave: (response) =>
      trickle(response.writeHead(200, { 'content-type': 'application/json' }), {
        text: completion,
        pauseMs: 2,
      }),
    ways: whole,
    status: 200,
    code: undefined,
    begins: completion,
  },
  {
    name: 'trickles a stream without end: never silent for long, and over its time all the same',
    behave: (response) => trickle(startStream(response), { text: hello.repeat(50), pauseMs: 100 }),
    model: 'hurried',
    ways: streamed,
    status: 200,
    code: 'upstream_total_timeout',
    outcome: 'total_timeout',
  },
  {
    name: 'sends an event that is no JSON',
    behave: (response) => startStream(response).end(`${hello}data: {"choices": [\n\n${doneEvent}`),
    ways: streamed,
    status: 200,
    code: 'upstream_invalid_response',
    begins: hello,
    outcome: 'in_band_error',
  },
  {
    name: 'sends lines that are no events',
    behave: (response) => startStream(response).end(`${hello}<html>Bad gateway</html>\n\n`),
    ways: streamed,
    status: 200,
    code: 'upstream_reset',
    begins: hello,
    outcome: 'upstream_reset',
  },
  {
    name: 'sends events of other shapes',
    behave: (response) => startStream(response).end(`${hello}data: [1, 2]\n\n${doneEvent}`),
    ways: streamed,
    status: 200,
    code: 'upstream_invalid_response',
    begins: hello,
    outcome: 'in_band_error',
  },
  {
    name: 'closes a stream early',
    behave: (response) => startStream(response).write(hello, () => response.destroy()),
    ways: streamed,
    status: 200,
    code: 'upstream_reset',
    begins: hello,
    outcome: 'upstream_reset',
  },
  {
    name: 'ends a stream before the answer is finished',
    behave: (response) => startStream(response).end(hello),
    ways: streamed,
    status: 200,
    code: 'upstream_reset',
    begins: hello,
    outcome: 'upstream_reset',
  },
  {
    name: 'closes an answer early',
    behave: (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': completion.length });
      response.write(completion.slice(0, 40), () => response.destroy());
    },
    ways: whole,
    status: 502,
    code: 'upstream_reset',
  },
  {
    name: 'answers 429 with retry-after',
    behave: answerJson(429, refusal('Slow down.'), { 'retry-after': '7' }),
    status: 429,
    code: 'upstream_rate_limited',
    headers: { 'retry-after': '7' },
  },
  {
    name: 'answers 429 without retry-after',
    behave: answerJson(429, refusal('Slow down.')),
    status: 429,
    code: 'upstream_rate_limited',
    headers: { 'retry-after': undefined },
  },
  {
    name: 'quotes the key it was sent',
    behave: answerJson(
      500,
      refusal('Incorrect key acme-secret-key-1234567890 at http://user:a-password-in-a-url@x/v1'),
    ),
    status: 502,
    code: 'upstream_error',
  },
  {
    name: 'answers 200 with an error event at once',
    behave: (response) => startStream(response).end(`data: ${refusal('The engine is down.')}\n\n`),
    ways: streamed,
    status: 200,
    code: 'upstream_error',
    outcome: 'in_band_error',
  },
  {
    name: 'answers 200 with an error event in the middle',
    behave: (response) =>
      startStream(response).end(`${hello}data: ${refusal('The engine is down.')}\n\n${doneEvent}`),
    ways: streamed,
    status: 200,
    code: 'upstream_error',
    begins: hello,
    outcome: 'in_band_error',
  },
];

describe('a provider', () => {
  let gateway: Gateway;

  before(async () => {
    const targets = [{ provider: 'acme', model: 'acme-large' }];
    gateway = await startGateway({
      config: { routes: [{ model: 'hurried', targets, timeouts: { total_ms: 1000 } }] },
    });
  });
  after(() => gateway?.stop());

  function check(fault: Fault, answer: Answer): void {
    assert.equal(answer.status, fault.status, answer.body);
    assert.ok(answer.complete, 'the answer is never cut');
    assert.deepEqual(
      errorsOf(answer).map(({ code }) => code),
      fault.code === undefined ? [] : [fault.code],
      answer.body,
    );
    const begins = fault.begins ?? '';
    assert.equal(answer.body.slice(0, begins.length), begins);
    if (fault.status === 200 && fault.code !== undefined) assert.ok(!answer.body.includes(doneEvent));
    for (const [name, value] of Object.entries(fault.headers ?? {}))
      assert.equal(answer.headers[name], value);
  }

  for (const fault of faults) {
    const { name, behave = () => undefined, model = 'acme-large', ways = [false, true], outcome } = fault;
    test(name, async () => {
      gateway.upstream.behave = behave;
      const series = `ibex_proxy_stream_outcomes_total{provider="acme",outcome="${outcome}"}`;
      const earlier = (await gateway.metrics()).value(series);
      await gateway.leavesNothing(async () => {
        for (const stream of ways) check(fault, await gateway.chat({ model, stream }));
      });
      if (outcome !== undefined) assert.equal((await gateway.metrics()).value(series) - earlier, 10);
      // The provider is left alone as well: whatever it does, its connection is gone.
      assert.equal(await gateway.upstream.connections(), 0);
    });
  }
});
