// A model that answers at once, whole or as a stream; speaks with its parent over IPC.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { responseBody } from '../overhead/payload.ts';

const chunkCount = 20;
const head = {
  id: 'chatcmpl-0af7651916cd43dd',
  object: 'chat.completion.chunk',
  created: 1_772_519_804,
  model: 'gpt-4o-mini',
  service_tier: 'default',
  system_fingerprint: 'fp_34a54ae93c',
};

function event(choices: readonly unknown[], usage: unknown): string {
  return `data: ${JSON.stringify({ ...head, choices, usage })}\n\n`;
}

function delta(content: Record<string, string>, finishReason: string | null): readonly unknown[] {
  return [{ index: 0, delta: content, logprobs: null, finish_reason: finishReason }];
}

const events = [
  event(delta({ role: 'assistant', content: '' }, null), null),
  ...Array.from({ length: chunkCount }, () => event(delta({ content: ' forwards' }, null), null)),
  event(delta({}, 'stop'), null),
];
const usageEvent = event([], { prompt_tokens: 180, completion_tokens: 20, total_tokens: 200 });
const doneEvent = 'data: [DONE]\n\n';

/** One event in each turn of the loop, as tokens come: none of them waits for the next. */
async function streamAnswer(response: ServerResponse, withUsage: boolean): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  for (const text of events) {
    response.write(text);
    await nextTurn();
  }
  response.end(withUsage ? usageEvent + doneEvent : doneEvent);
}

const jsonHeaders = {
  'content-type': 'application/json',
  'content-length': Buffer.byteLength(responseBody),
};
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.once('end', () => {
    const body = Buffer.concat(parts);
    if (body.includes('"stream":true')) void streamAnswer(response, body.includes('"include_usage":true'));
    else response.writeHead(200, jsonHeaders).end(responseBody);
  });
});
server.keepAliveTimeout = 60_000;
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
process.on('message', (message) => message === 'exit' && process.exit());
process.on('disconnect', () => process.exit());
process.send?.({ port: (server.address() as AddressInfo).port });
