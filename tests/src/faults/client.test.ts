import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { openRaw, type RawClient } from './harness/client.ts';
import { type Gateway, startGateway } from './harness/gateway.ts';
import { behaveWell, chunk, startStream } from './harness/upstream.ts';

const chat = (body: object) =>
  JSON.stringify({ model: 'acme-large', messages: [{ role: 'user', content: 'hi' }], ...body });

/** Ways to leave: in good order, or with a reset. */
const ways = {
  'closes its connection': ({ socket }: RawClient) => socket.destroy(),
  'resets its connection': ({ socket }: RawClient) => socket.resetAndDestroy(),
  // Who closes one side only is taken to have left, as by other gateways.
  'closes its side of the connection': ({ socket }: RawClient) => socket.end(),
} as const;

describe('a client leaves', () => {
  let gateway: Gateway;

  before(async () => {
    gateway = await startGateway();
  });
  after(() => gateway?.stop());

  function head(length: number, more = ''): string {
    return (
      'POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
      `Authorization: Bearer ${gateway.apiKey}\r\nContent-Length: ${length}\r\n${more}\r\n`
    );
  }

  async function say(text: string): Promise<RawClient> {
    const client = await openRaw(gateway.url);
    client.socket.write(text);
    return client;
  }

  const request = (body: object) => {
    const text = chat(body);
    return head(Buffer.byteLength(text)) + text;
  };

  /** The whole answer to a request has come, up to what marks its end. */
  const untilEnd = (client: RawClient, mark: string) =>
    eventually(() => client.text().includes(mark) || undefined, { what: mark });

  const outcomes = async (outcome: string) =>
    (await gateway.metrics()).value(`ibex_proxy_stream_outcomes_total{provider="acme",outcome="${outcome}"}`);

  /** Each brings a connection to the moment at which the client leaves. */
  const moments: Readonly<Record<string, () => Promise<RawClient>>> = {
    'before it said anything': () => say(''),
    'in the middle of its headers': () => say(head(10).slice(0, 60)),
    'in the middle of its body': () => say(head(1000) + chat({}).slice(0, 20)),
    'before it heard whether it may go on': () => say(head(1000, 'Expect: 100-continue\r\n')),
    'while the provider thinks': async () => {
      gateway.upstream.behave = () => undefined;
      const earlier = gateway.upstream.requests;
      const client = await say(request({}));
      await eventually(() => gateway.upstream.requests > earlier || undefined);
      return client;
    },
    'after its answer': async () => {
      gateway.upstream.behave = behaveWell;
      const client = await say(request({}));
      await untilEnd(client, '"total_tokens":11}}');
      return client;
    },
    'after its stream': async () => {
      gateway.upstream.behave = behaveWell;
      const client = await say(request({ stream: true }));
      await untilEnd(client, 'data: [DONE]');
      return client;
    },
    'with a second request behind the first': async () => {
      gateway.upstream.behave = (response) => startStream(response).write(chunk('Hello'));
      const client = await say(request({ stream: true }) + request({ stream: true }));
      await untilEnd(client, 'Hello');
      return client;
    },
  };

  for (const [how, leave] of Object.entries(ways)) {
    for (const [when, arrive] of Object.entries(moments)) {
      test(`${how} ${when}`, async () => {
        await gateway.leavesNothing(async () => leave(await arrive()));
        await eventually(async () => (await gateway.upstream.connections()) === 0 || undefined);
      });
    }

    test(`${how} in the middle of its stream: the provider is cut and the outcome says so`, async () => {
      gateway.upstream.behave = (response) => startStream(response).write(chunk('Hello'));
      const earlier = await outcomes('client_cancelled_aborted');
      await gateway.leavesNothing(async () => {
        const client = await say(request({ stream: true }));
        await untilEnd(client, 'Hello');
        leave(client);
      });
      await eventually(async () => (await gateway.upstream.connections()) === 0 || undefined);
      assert.equal((await outcomes('client_cancelled_aborted')) - earlier, 10);
    });
  }
});
