import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { errors, Pool } from 'undici';
import { ProviderAnswer } from './provider-answer.ts';

const hugeBytes = 32 * 1024 * 1024;
const pages: Record<string, (response: ServerResponse, request: IncomingMessage) => void> = {
  '/whole': (response) => {
    response.writeProcessing();
    response.writeHead(201, { 'x-name': 'value' }).end('answer');
  },
  '/huge': (response) => void response.end(Buffer.alloc(hugeBytes, 'a')),
  '/reset': (response) => void response.write('begun', () => response.destroy()),
  '/hanging': (response) => void response.write('begun'),
};
const server = createServer((request, response) => {
  request.resume();
  pages[request.url ?? '']?.(response, request);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { connections: 1 });
after(async () => {
  await pool.destroy();
  server.closeAllConnections();
  server.close();
});

function ask(path: string): ProviderAnswer {
  const answer = new ProviderAnswer();
  pool.dispatch({ path, method: 'GET' }, answer);
  return answer;
}

async function read(answer: ProviderAnswer): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of answer) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

test('gives the head, after what came before it, and the body', async () => {
  const answer = ask('/whole');
  const { statusCode, headers } = await answer.head;
  assert.equal(statusCode, 201);
  assert.equal(headers['x-name'], 'value');
  assert.equal(await read(answer), 'answer');
  answer.abort(new Error('too late'));
  assert.deepEqual(await answer.next(), { done: true, value: undefined });
});

test('reads an answer as a whole', async () => {
  assert.equal(Buffer.from(await ask('/whole').readAll(6)).toString(), 'answer');
  assert.equal((await ask('/huge').readAll(hugeBytes)).length, hugeBytes);
});

test('gives what there is of an answer that is longer than the limit, and takes no more of it', async () => {
  const answer = ask('/huge');
  const begun = await answer.readAll(100_000);
  assert.ok(begun.length > 100_000 && begun.length < hugeBytes / 8, `${begun.length} bytes were taken`);
  answer.cut();
  await assert.rejects(answer.next(), errors.RequestAbortedError);
});

test('an answer that breaks off is not read as a whole', async () => {
  await assert.rejects(ask('/reset').readAll(1000), errors.SocketError);
});

test('has the provider wait while nobody reads', async () => {
  const answer = ask('/huge');
  await answer.head;
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { value } = await answer.next();
  assert.ok(value.length < hugeBytes / 8, `${value.length} bytes were held`);
  assert.equal(value.length + (await read(answer)).length, hugeBytes);
});

test('gives what came before the connection broke, then says so', async () => {
  const answer = ask('/reset');
  await answer.head;
  assert.equal(Buffer.from((await answer.next()).value ?? '').toString(), 'begun');
  await assert.rejects(answer.next(), errors.SocketError);
});

test('ends at once when it is given up, read or not, sent or not', async () => {
  const reason = new Error('nobody wants it');
  const begun = ask('/hanging');
  const waiting = ask('/whole');
  waiting.abort(reason);
  await assert.rejects(waiting.head, reason);
  await begun.head;
  const reading = read(begun);
  begun.abort(reason);
  await assert.rejects(reading, reason);
  const cut = ask('/huge');
  await cut.head;
  cut.cut();
  await assert.rejects(read(cut), errors.RequestAbortedError);
  assert.equal(await read(ask('/whole')), 'answer');
});
