import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf } from '../testing/error-of.ts';
import { startGateway } from '../testing/gateway.ts';

const chat = { model: 'echo', messages: [{ role: 'user', content: 'hi' }] };

test('refuses bodies that are not a chat completion request, naming the field', async (context) => {
  const gateway = await startGateway(context);
  const cases: readonly [unknown, string, string | null][] = [
    ['', 'invalid_json', null],
    ['{"model": "echo", ', 'invalid_json', null],
    ['{model: echo}', 'invalid_json', null],
    ['[]', 'invalid_type', null],
    ['"text"', 'invalid_type', null],
    [{ ...chat, model: 7 }, 'invalid_type', 'model'],
    [{ model: 'echo' }, 'missing_required_parameter', 'messages'],
    [{ ...chat, messages: [{ role: 'user', content: 7 }] }, 'invalid_type', 'messages[0].content'],
    [{ ...chat, stream: 'yes' }, 'invalid_type', 'stream'],
  ];
  for (const [body, code, param] of cases) {
    const error = await errorOf(await gateway.post(body), 400, code);
    assert.equal(error.param, param);
  }
  const latin1 = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer good' },
    body: Buffer.from('{"model":"é"}', 'latin1'),
  });
  await errorOf(latin1, 400, 'invalid_json');
  const broken = await errorOf(await gateway.post('{"a":secret}'), 400, 'invalid_json');
  assert.doesNotMatch(broken.message, /secret/);
});

test('refuses an unknown model and names those there are', async (context) => {
  const gateway = await startGateway(context);
  const error = await errorOf(await gateway.post({ ...chat, model: 'ecco' }), 404, 'model_not_found');
  assert.equal(error.message, 'There is no model "ecco" here. The models are: echo.');
});

test('refuses media types it cannot read', async (context) => {
  const gateway = await startGateway(context);
  for (const type of [
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'nonsense',
    '/',
  ]) {
    await errorOf(
      await gateway.post(chat, { headers: { 'content-type': type } }),
      415,
      'unsupported_media_type',
    );
  }
  await errorOf(
    await gateway.post(chat, { headers: { 'content-encoding': 'gzip' } }),
    415,
    'unsupported_media_type',
  );
  const charset = await gateway.post(chat, {
    headers: { 'content-type': 'application/json; charset=utf-8' },
  });
  assert.equal(charset.status, 200);
});

test('refuses unknown routes and wrong methods', async (context) => {
  const gateway = await startGateway(context);
  const send = (method: string, path: string) => fetch(`${gateway.url}${path}`, { method });
  await errorOf(await send('GET', '/v2/else?key=secret'), 404, 'unknown_url');
  await errorOf(await send('POST', '/chat/completions'), 404, 'unknown_url');
  for (const [method, path, allowed] of [
    ['GET', '/v1/chat/completions', 'POST'],
    ['DELETE', '/v1/models', 'GET'],
    ['PUT', '/v1/models/echo', 'GET'],
  ] as const) {
    const response = await send(method, path);
    assert.equal(response.headers.get('allow'), allowed);
    await errorOf(response, 405, 'method_not_allowed');
  }
  assert.equal(
    await gateway.metric(
      'ibex_proxy_requests_total{route="/v1/chat/completions",method="GET",status_code="405"}',
    ),
    1,
  );
});
