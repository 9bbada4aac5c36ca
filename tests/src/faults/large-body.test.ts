import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { type Answer, checkAnswer } from './harness/answer.ts';
import { collect } from './harness/client.ts';
import { residentBytes } from './harness/footprint.ts';
import { type Gateway, startGateway } from './harness/gateway.ts';

const mebibyte = 1024 * 1024;
const bodyBytes = 100 * mebibyte;
/** Five are sent at once: 500 MB. Of those that are not announced each may be kept up to the limit of 10 MiB. */
const mostGrowthBytes = 200 * mebibyte;

describe('a body of 100 MB', () => {
  let gateway: Gateway;

  before(async () => {
    gateway = await startGateway();
  });
  after(() => gateway?.stop());

  /** Sends until it is cut or done; how much it got rid of, and the answer. */
  async function pour(chunked: boolean): Promise<{ answer: Answer | undefined; sentBytes: number }> {
    const request = httpRequest(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      agent: false,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${gateway.apiKey}`,
        ...(chunked ? {} : { 'content-length': bodyBytes }),
      },
    });
    const answered = new Promise<Answer | undefined>((resolve) => {
      request.once('response', (response) => resolve(collect(response)));
      request.once('close', () => resolve(undefined));
    });
    const closed = new Promise((resolve) => request.once('close', resolve));
    request.on('error', () => undefined);
    const piece = Buffer.alloc(mebibyte, 0x20);
    let sentBytes = 0;
    while (sentBytes < bodyBytes && !request.destroyed) {
      sentBytes += piece.length;
      if (!request.write(piece)) await Promise.race([once(request, 'drain'), closed]).catch(() => undefined);
    }
    const answer = await answered;
    request.destroy();
    return { answer, sentBytes };
  }

  for (const chunked of [false, true]) {
    test(`${chunked ? 'in chunks' : 'announced'}: 413 before it is sent, cut after four times the limit, kept nowhere`, async () => {
      const before = residentBytes(gateway.proxy.pid);
      let peak = 0;
      const watch = setInterval(() => {
        peak = Math.max(peak, residentBytes(gateway.proxy.pid));
      }, 20);
      await gateway.leavesNothing(async () => {
        const { answer, sentBytes } = await pour(chunked);
        assert.ok(answer !== undefined, 'the client gets to read the answer');
        checkAnswer(answer, [gateway.apiKey]);
        assert.equal(answer.status, 413, answer.body);
        assert.ok(sentBytes < bodyBytes, 'it was not taken to its end');
      });
      clearInterval(watch);
      assert.ok(
        peak - before < mostGrowthBytes,
        `${Math.round((peak - before) / mebibyte)} MiB more at the peak`,
      );
      assert.equal((await gateway.chat({ model: 'echo' })).status, 200);
    });
  }
});
