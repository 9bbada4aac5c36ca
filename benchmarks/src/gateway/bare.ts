// The least a gateway can do: a Fastify route that passes the request on and the answer back.
import { fastify } from 'fastify';
import { Pool } from 'undici';

const upstreamConnections = 64;
const [port = '0', upstreamUrl = ''] = process.argv.slice(2);
const upstream = new Pool(upstreamUrl, { connections: upstreamConnections });
const app = fastify();
app.get('/healthz', async () => 'ok');
app.post('/v1/chat/completions', async (request, reply) => {
  const { statusCode, headers, body } = await upstream.request({
    path: '/v1/chat/completions',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request.body),
  });
  return reply.code(statusCode).type(String(headers['content-type'])).send(body);
});
await app.listen({ port: Number(port), host: '127.0.0.1' });
process.on('SIGTERM', () => process.exit());
