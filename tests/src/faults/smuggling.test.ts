import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { openRaw } from './harness/client.ts';
import { type Gateway, startGateway } from './harness/gateway.ts';
import { behaveWell, chunk, startStream } from './harness/upstream.ts';

const hidden = 'GET /v1/smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
const body = JSON.stringify({ model: 'acme-large', messages: [{ role: 'user', content: 'hi' }] });
const size = Buffer.byteLength(body);
const chunked = `${size.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const te = 'Transfer-Encoding: chunked';

/** What is said after the lines every request has, and the answers: a request that was hidden would be a 404 more. */
interface Attempt {
  readonly name: string;
  readonly text: string;
  readonly statuses: readonly number[];
}

const refused = [400];
const served = [200];

const attempts: readonly Attempt[] = [
  { name: 'nothing unusual, by length', text: `Content-Length: ${size}\r\n\r\n${body}`, statuses: served },
  { name: 'nothing unusual, in chunks', text: `${te}\r\n\r\n${chunked}`, statuses: served },
  {
    name: 'a length and chunks (CL.TE)',
    text: `Content-Length: ${chunked.length + hidden.length}\r\n${te}\r\n\r\n${chunked}${hidden}`,
    statuses: refused,
  },
  {
    name: 'chunks and a length (TE.CL)',
    text: `${te}\r\nContent-Length: 4\r\n\r\n${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`,
    statuses: refused,
  },
  {
    name: 'a second transfer encoding (TE.TE)',
    text: `${te}\r\nTransfer-Encoding: identity\r\n\r\n${chunked}${hidden}`,
    statuses: refused,
  },
  {
    name: 'chunks that are not the last encoding',
    text: `Transfer-Encoding: chunked, identity\r\n\r\n${chunked}${hidden}`,
    statuses: refused,
  },
  {
    name: 'an encoding nobody knows',
    text: `Transfer-Encoding: xchunked\r\n\r\n${chunked}${hidden}`,
    statuses: refused,
  },
  {
    name: 'a space before the colon',
    text: `Transfer-Encoding : chunked\r\n\r\n${chunked}${hidden}`,
    statuses: refused,
  },
  {
    name: 'a tab in the value',
    text: `Transfer-Encoding: \x0bchunked\r\n\r\n${chunked}${hidden}`,
    statuses: refused,
  },
  {
    name: 'two lengths that differ',
    text: `Content-Length: ${size}\r\nContent-Length: 5\r\n\r\n${body}${hidden}`,
    statuses: refused,
  },
  {
    name: 'two lengths that agree',
    text: `Content-Length: ${size}\r\nContent-Length: ${size}\r\n\r\n${body}${hidden}`,
    statuses: refused,
  },
  {
    name: 'two lengths in one',
    text: `Content-Length: ${size}, ${size}\r\n\r\n${body}${hidden}`,
    statuses: refused,
  },
  {
    name: 'a length with a sign',
    text: `Content-Length: +${size}\r\n\r\n${body}${hidden}`,
    statuses: refused,
  },
  { name: 'a negative length', text: `Content-Length: -1\r\n\r\n${body}${hidden}`, statuses: refused },
  {
    name: 'a length in hexadecimal',
    text: `Content-Length: 0x${size.toString(16)}\r\n\r\n${body}${hidden}`,
    statuses: refused,
  },
  {
    name: 'a length beyond every number',
    text: `Content-Length: 99999999999999999999\r\n\r\n${body}${hidden}`,
    statuses: refused,
  },
  {
    name: 'a bare line feed after a header',
    text: `X-One: 1\nContent-Length: ${size}\r\n\r\n${body}${hidden}`,
    statuses: refused,
  },
  {
    name: 'a bare line feed at the end of the headers',
    text: `Content-Length: ${size}\r\n\n${body}${hidden}`,
    statuses: refused,
  },
  {
    name: 'a bare carriage return in a header',
    text: `X-One: 1\rContent-Length: 0\r\nContent-Length: ${size}\r\n\r\n${body}${hidden}`,
    statuses: refused,
  },
  {
    name: 'a folded header (obs-fold)',
    text: `X-One: 1\r\n Content-Length: 0\r\nContent-Length: ${size}\r\n\r\n${body}`,
    statuses: refused,
  },
  {
    name: 'a folded transfer encoding',
    text: `Transfer-Encoding:\r\n chunked\r\n\r\n${chunked}${hidden}`,
    statuses: refused,
  },
  {
    name: 'a NUL in a header',
    text: `X-One: a\0b\r\nContent-Length: ${size}\r\n\r\n${body}`,
    statuses: refused,
  },
  {
    name: 'a NUL in a name',
    text: `X-\0One: a\r\nContent-Length: ${size}\r\n\r\n${body}`,
    statuses: refused,
  },
  {
    name: 'a header without a name',
    text: `: a\r\nContent-Length: ${size}\r\n\r\n${body}`,
    statuses: refused,
  },
  {
    name: 'a chunk extension',
    text: `${te}\r\n\r\n${size.toString(16)};a=b\r\n${body}\r\n0\r\n\r\n`,
    statuses: served,
  },
  {
    name: 'a chunk extension with a bare line feed',
    text: `${te}\r\n\r\n${size.toString(16)};a\n${body}\r\n0\r\n\r\n${hidden}`,
    statuses: refused,
  },
  {
    name: 'a chunk size that is none',
    text: `${te}\r\n\r\nzz\r\n${body}\r\n0\r\n\r\n`,
    statuses: refused,
  },
  {
    name: 'a chunk size beyond every number',
    text: `${te}\r\n\r\n${'f'.repeat(17)}\r\n${body}\r\n0\r\n\r\n`,
    statuses: refused,
  },
  {
    name: 'a chunk longer than it says',
    text: `${te}\r\n\r\n5\r\n${body}\r\n0\r\n\r\n${hidden}`,
    statuses: refused,
  },
  {
    name: 'trailers that would be headers',
    text: `${te}\r\n\r\n${chunked.slice(0, -2)}Authorization: Bearer other\r\nContent-Length: 5\r\n\r\n`,
    statuses: refused,
  },
];

describe('requests that are to be read in two ways', () => {
  let gateway: Gateway;

  before(async () => {
    gateway = await startGateway();
    gateway.upstream.behave = behaveWell;
  });
  after(() => gateway?.stop());

  for (const { name, text, statuses } of attempts) {
    test(`${name}: ${statuses}, and nothing is taken for a second request`, async () => {
      const head =
        'POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n' +
        `Authorization: Bearer ${gateway.apiKey}\r\n`;
      const asked = gateway.upstream.requests;
      const answers = await gateway.sendRaw(head + text);
      assert.deepEqual(
        answers.map(({ status }) => status),
        statuses,
      );
      assert.equal(gateway.upstream.requests - asked, statuses === served ? 1 : 0);
    });
  }

  test('nonsense behind a request whose stream has begun cuts it, and is not answered within the stream', async () => {
    gateway.upstream.behave = (response) => startStream(response).write(chunk('Hello'));
    const streamed = JSON.stringify({ ...JSON.parse(body), stream: true });
    await gateway.leavesNothing(async () => {
      const client = await openRaw(gateway.url);
      client.socket.write(
        'POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
          `Authorization: Bearer ${gateway.apiKey}\r\nContent-Length: ${streamed.length}\r\n\r\n${streamed}`,
      );
      await eventually(() => client.text().includes('Hello') || undefined);
      client.socket.write('NONSENSE\r\n\r\n');
      const text = await client.closed;
      assert.match(text, /^HTTP\/1\.1 200 /);
      assert.equal(text.split('HTTP/1.1 ').length, 2, text);
    });
  });

  test('nothing is left of them', async () => {
    const hostile = attempts.filter(({ statuses }) => statuses === refused);
    await gateway.leavesNothing(() =>
      Promise.all(
        hostile.map(({ text }) =>
          gateway.sendRaw(`POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n${text}`),
        ),
      ),
    );
  });
});
