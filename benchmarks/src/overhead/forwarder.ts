// Forwards chat completions to the stub, observed in the way that is named; speaks with its parent over IPC.
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { type VariantName, variants } from './variants.ts';

const upstreamConnections = 64;
const [name = '', upstreamUrl = ''] = process.argv.slice(2);
if (!Object.hasOwn(variants, name)) throw new Error(`There is no variant "${name}".`);
const instrument = await variants[name as VariantName]();
// After the instrument, and by `require`, which instrumentations can patch.
const require = createRequire(import.meta.url);
const { fastify } = require('fastify') as typeof import('fastify');
const { Pool } = require('undici') as typeof import('undici');

const upstream = instrument.wrap(new Pool(upstreamUrl, { connections: upstreamConnections }));
const app = fastify();
await instrument.install(app);
app.post('/v1/chat/completions', async (request, reply) => {
  const answer = await instrument.generate(async () => {
    const { statusCode, body } = await upstream.request({
      origin: upstreamUrl,
      path: '/v1/chat/completions',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request.body),
    });
    return { statusCode, text: await body.text() };
  });
  return reply.code(answer.statusCode).type('application/json').send(answer.text);
});
await app.listen({ port: 0, host: '127.0.0.1' });

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

process.on('message', async (message) => {
  if (message === 'exit') process.exit();
  // Delivering what waits belongs to the price of the requests that caused it.
  if (message === 'drain') await instrument.stop();
  process.send?.({ cpuMicroseconds: cpuMicroseconds() });
});
process.on('disconnect', () => process.exit());
process.send?.({
  port: (app.server.address() as AddressInfo).port,
  cpuMicroseconds: cpuMicroseconds(),
});
