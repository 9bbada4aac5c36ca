import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { type ErrorAnswer, errorOf } from '../testing/error-of.ts';
import { startGateway, type TestGateway } from '../testing/gateway.ts';

const chat = { model: 'echo', messages: [{ role: 'user', content: 'hi' }] };

/** Posts with Node's own client, which goes on sending after an early answer. */
function postBytes(
  gateway: TestGateway,
  options: { bytes: number; chunked: boolean },
): Promise<{ status: number; code: string }> {
  const headers = {
    'content-type': 'application/json',
    authorization: 'Bearer good',
    ...(options.chunked ? {} : { 'content-length': options.bytes }),
  };
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers });
    request.on('error', reject);
    request.on('response', async (response) => {
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part as Buffer);
      const { error } = JSON.parse(Buffer.concat(parts).toString()) as ErrorAnswer;
      resolve({ status: response.statusCode ?? 0, code: error.code });
    });
    const piece = Buffer.alloc(1024 * 1024, 0x20);
    for (let sent = 0; sent < options.bytes; sent += piece.length) request.write(piece);
    request.end();
  });
}

/** Sends bytes as they are and returns the first answer. */
function sendRaw(gateway: TestGateway, bytes: string): Promise<string> {
  const { hostname, port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    socket.on('error', reject);
    socket.on('data', (data) => {
      text += data.toString();
      const length = /content-length: (\d+)/i.exec(text)?.[1];
      const [, body = ''] = text.split('\r\n\r\n');
      if (length === undefined || body.length < Number(length)) return;
      socket.destroy();
      resolve(text);
    });
  });
}

test('refuses a body of 20 MB, announced or not, and the client gets to read the answer', async (context) => {
  const gateway = await startGateway(context);
  const bytes = 20 * 1024 * 1024;
  for (const chunked of [false, true]) {
    assert.deepEqual(await postBytes(gateway, { bytes, chunked }), {
      status: 413,
      code: 'request_too_large',
    });
  }
  const viaFetch = await gateway.post({ ...chat, padding: 'x'.repeat(bytes) });
  const error = await errorOf(viaFetch, 413, 'request_too_large');
  assert.match(error.message, /10485760 bytes.*IBEX_PROXY_BODY_LIMIT_BYTES/);
  assert.equal((await gateway.post(chat)).status, 200);
});

test('a client that closes after its answer is not reset while it still sends', async (context) => {
  const gateway = await startGateway(context);
  const { hostname, port } = new URL(gateway.url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  let text = '';
  socket.on('data', (data) => {
    text += data.toString();
  });
  const bytes = 20 * 1024 * 1024;
  socket.write(
    'POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer good\r\n' +
      `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${bytes.toString(16)}\r\n`,
  );
  for (let sent = 0; sent < bytes; sent += 1024 * 1024) {
    await new Promise<void>((resolve, reject) =>
      socket.write(Buffer.alloc(1024 * 1024, 0x20), (error) => (error ? reject(error) : resolve())),
    );
  }
  socket.end('\r\n0\r\n\r\n');
  await new Promise((resolve) => socket.once('close', resolve));
  assert.match(text, /^HTTP\/1\.1 413 /);
  assert.match(text, /request_too_large/);
});

test('gives up on a body that does not arrive', async (context) => {
  const gateway = await startGateway(context, { environment: { IBEX_PROXY_BODY_TIMEOUT_MS: '50' } });
  const answer = await sendRaw(
    gateway,
    'POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n' +
      'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"model"',
  );
  assert.match(answer, /^HTTP\/1\.1 408 /);
  assert.match(answer, /request_timeout/);
});
