import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goodToken } from '../testing/auth-server.ts';
import { startGateway } from '../testing/gateway.ts';

const capturing = goodToken({ captureContent: true });
const secret = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH';

test('content is on the span of an organisation that has it switched on, without secrets, whole and streamed', async (context) => {
  const gateway = await startGateway(context);
  gateway.auth.tokens.set('good', capturing);
  await (await gateway.echo(`Grüße, my key is ${secret}`)).text();
  await (await gateway.echo('Hello there', { stream: true })).text();
  const [whole, streamed] = ['provider.generate', 'provider.generate_stream'].map((name) => {
    const span = gateway.spans().then((spans) => spans.find((each) => each.name === name));
    return span.then((found) => found?.attributes ?? {});
  });
  const { 'ibex.content.request': asked, 'ibex.content.answer': answered } = (await whole) ?? {};
  assert.match(String(asked), /Grüße, my key is \[REDACTED\]/);
  assert.match(String(answered), /"content":"Grüße, my key is \[REDACTED\]/);
  assert.match(String((await streamed)?.['ibex.content.answer']), /data: .*"Hello ".*\[DONE\]/s);
});

test('content is on no span of any other organisation', async (context) => {
  const gateway = await startGateway(context);
  await (await gateway.echo('Nobody may keep this')).text();
  await (await gateway.echo('Nobody may keep this', { stream: true })).text();
  assert.doesNotMatch(JSON.stringify(await gateway.spans()), /Nobody may keep this|ibex\.content/);
});

test('content is cut', async (context) => {
  const gateway = await startGateway(context);
  gateway.auth.tokens.set('good', capturing);
  await (await gateway.echo('long '.repeat(20_000))).text();
  const span = (await gateway.spans()).find(({ name }) => name === 'provider.generate');
  for (const name of ['ibex.content.request', 'ibex.content.answer']) {
    const text = String(span?.attributes[name]);
    assert.ok(text.length > 1_000 && text.length <= 16 * 1024 + 20, `${name} has ${text.length} characters`);
  }
});
