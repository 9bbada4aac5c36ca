import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { startGateway, until } from './testing/gateway.ts';

/** The status of `/readyz`, over a connection that stays open. */
function readiness(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${url}/readyz`, { agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    })
      .on('error', reject)
      .end();
  });
}

test('says that it is not ready before it stops to take requests, and lets calls end', async (context) => {
  const gateway = await startGateway(context, {
    environment: { IBEX_PROXY_DRAIN_DELAY_MS: '300', IBEX_PROXY_DRAIN_TIMEOUT_MS: '1000' },
  });
  const agent = new Agent({ keepAlive: true });
  context.after(() => agent.destroy());
  assert.equal(await readiness(gateway.url, agent), 200);
  const slow = gateway.echo('/latency 600ms whole');
  const streamed = gateway.echo('/stream-delay 100ms one two three', { stream: true });
  const stopping = gateway.stop();
  assert.equal(await readiness(gateway.url, agent), 503);
  for (const stream of [false, true]) {
    const answer = await gateway.echo('still taken', { stream });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('connection'), 'close', 'and its client asked to leave');
    await answer.text();
  }
  assert.equal((await slow).status, 200);
  assert.equal((await slow).headers.get('connection'), 'close', 'also where the request was there before');
  assert.match(await (await streamed).text(), /\[DONE\]/);
  await stopping;
});

test('answers what comes over a connection that was kept, and has its client leave it', async (context) => {
  const gateway = await startGateway(context, { environment: { IBEX_PROXY_DRAIN_DELAY_MS: '300' } });
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  const ask = () => socket.write('GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n\r\n');
  ask();
  await until(() => /"object":"list"/.test(text));
  assert.match(text, /connection: keep-alive/i);
  text = '';
  const stopping = gateway.stop();
  ask();
  await once(socket, 'close');
  assert.match(text, /^HTTP\/1\.1 200 /);
  assert.match(text, /connection: close/i);
  await stopping;
});
