import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApiError } from '../api-error.ts';
import { startGateway } from '../testing/gateway.ts';
import { checkModelGivenOnce } from './model-given-once.ts';

const check = (text: string) => checkModelGivenOnce(Buffer.from(text));

describe('a body that names its model twice is refused', () => {
  for (const text of [
    '{"model":"cheap","model":"dear"}',
    '{"model":"cheap","messages":[{"content":"a \\" { [ : "}],"model" : "dear"}',
    '{"model":"cheap","mod\\u0065l":"dear"}',
    '{"\\u006d\\u006f\\u0064\\u0065\\u006c":"cheap", "\\u006dodel":"dear"}',
  ]) {
    test(text, () => assert.throws(() => check(text), ApiError));
  }
});

describe('one that has the word elsewhere is not', () => {
  for (const text of [
    '{"model":"one","metadata":{"model":"two"},"messages":[{"model":"three"}]}',
    '{"model":"one","messages":[{"role":"user","content":"\\"model\\": \\"two\\""}]}',
    '{"model":"model","user":"model","stop":["model","model"]}',
    '{"mod\\u00e9l":"one","model":"two","text":"\\u0041"}',
    '{"model":"one"}',
    '{"messages":[]}',
    '[{"model":"one"},{"model":"two"}]',
  ]) {
    test(text, () => check(text));
  }
});

test('the client is told, over HTTP', async (context) => {
  const gateway = await startGateway(context);
  const messages = '"messages":[{"role":"user","content":"hello"}]';
  const answer = await gateway.post(`{"model":"echo",${messages},"model":"echo"}`);
  assert.equal(answer.status, 400);
  const { error } = (await answer.json()) as { error: Record<string, unknown> };
  assert.deepEqual([error.param, error.code], ['model', 'duplicate_key']);
  assert.equal((await gateway.post(`{"model":"echo",${messages},"metadata":{"model":"x"}}`)).status, 200);
});
