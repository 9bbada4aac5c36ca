import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGateway } from '../testing/gateway.ts';
import {
  answerJson,
  recordedChunks,
  startEvents,
  startUpstream,
  upstreamConfig,
  wire,
} from '../testing/upstream.ts';

const chat = { model: 'smart', messages: [{ role: 'user', content: 'hi' }] };

test('what cannot be told to one provider is asked of the next, and refused when there is none', async (context) => {
  const [claude, upstream] = [await startUpstream(context), await startUpstream(context)];
  const anthropic = { name: 'anthropic', type: 'anthropic', base_url: claude.baseUrl, models: ['claude-x'] };
  const [acme] = upstreamConfig(upstream).providers as unknown[];
  const gateway = await startGateway(context, {
    config: {
      providers: [anthropic, acme],
      routes: [
        {
          model: 'smart',
          targets: [{ provider: 'anthropic', model: 'claude-x' }],
          fallbacks: [{ provider: 'acme', model: 'gpt-4o-mini' }],
        },
        { model: 'alone', targets: [{ provider: 'anthropic', model: 'claude-x' }], retries: { max: 2 } },
      ],
    },
  });
  assert.equal((await gateway.post({ ...chat, n: 2 })).status, 200);
  assert.deepEqual([claude.calls.length, upstream.calls.length], [0, 1]);
  const refused = await gateway.post({ ...chat, model: 'alone', n: 2 });
  assert.equal(refused.status, 400);
  assert.match(await refused.text(), /"param":"n"/);
  // What the one who could be asked says counts more than what another could not be told.
  upstream.behave = answerJson(503, { error: { message: 'busy' } });
  const failed = await gateway.post({ ...chat, n: 2 });
  assert.equal(failed.status, 503);
  assert.equal(failed.headers.get('x-should-retry'), 'false');
});

test('streams that break off in a row open the circuit, though each began well', async (context) => {
  const upstream = await startUpstream(context);
  const gateway = await startGateway(context, {
    config: { ...upstreamConfig(upstream), routing: { circuit: { failures: 3, open_ms: 60_000 } } },
  });
  const recorded = upstream.behave;
  const breakOff: typeof recorded = (response) => {
    startEvents(response);
    response.write(wire(recordedChunks.slice(0, 2)), () => response.destroy());
  };
  const ask = async () => (await gateway.post({ ...chat, model: 'gpt-4o-mini', stream: true })).text();
  for (const behave of [breakOff, breakOff, recorded, breakOff, breakOff]) {
    upstream.behave = behave;
    await ask();
  }
  assert.match(await ask(), /upstream_reset/, 'a stream that ended well began the row anew');
  assert.match(await ask(), /upstream_circuit_open/);
  assert.equal(upstream.calls.length, 6);
});
