import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import { httpTelemetry } from './fastify.ts';

test('a server span that failed has the code its API answered, and a general one where none was told', async () => {
  const { telemetry, exporter } = startTestTelemetry('proxy');
  const app = fastify();
  app.register(httpTelemetry, { telemetry });
  app.get('/told', (request, reply) => {
    request.ibex.logFields = { error_code: 'upstream_timeout' };
    return reply.code(504).send('late');
  });
  app.get('/silent', (_request, reply) => reply.code(500).send('broken'));
  app.get('/refused', (request, reply) => {
    request.ibex.logFields = { error_code: 'not_found' };
    return reply.code(404).send('none');
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  for (const path of ['/told', '/silent', '/refused']) await (await fetch(`${address}${path}`)).text();
  await app.close();
  await telemetry.stop();
  const codes = exporter.spans.map(({ name, status, attributes }) => [name, status, attributes.error_code]);
  assert.deepEqual(codes.toSorted(), [
    ['GET /refused', 'unset', undefined],
    ['GET /silent', 'error', 'internal_error'],
    ['GET /told', 'error', 'upstream_timeout'],
  ]);
});
