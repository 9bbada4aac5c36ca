import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** A request as the upstream got it. */
export interface UpstreamCall {
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
  /** Resolves when the connection of the request is closed before the answer was complete. */
  readonly cut: Promise<void>;
}

export type Behaviour = (response: ServerResponse, call: UpstreamCall) => unknown;

/** An HTTP server that speaks the chat completions API in the shapes recorded from OpenAI. */
export interface TestUpstream {
  readonly baseUrl: string;
  readonly calls: UpstreamCall[];
  /** What it does next, and from then on. */
  behave: Behaviour;
}

const head = {
  id: 'chatcmpl-BxY1',
  created: 1_754_000_000,
  model: 'gpt-4o-mini-2024-07-18',
  system_fingerprint: 'fp_34a54ae93c',
};

/** A completion as recorded. */
export const recordedCompletion = {
  ...head,
  object: 'chat.completion',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Hello! How can I help?', refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: {
    prompt_tokens: 9,
    completion_tokens: 7,
    total_tokens: 16,
    prompt_tokens_details: { cached_tokens: 0 },
  },
  service_tier: 'default',
};

function chunk(delta: Record<string, unknown>, finishReason: string | null): Record<string, unknown> {
  return {
    ...head,
    object: 'chat.completion.chunk',
    service_tier: 'default',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    usage: null,
  };
}

/** The chunks of a stream as recorded; the last is the one with usage. */
export const recordedChunks: readonly Record<string, unknown>[] = [
  chunk({ role: 'assistant', content: '', refusal: null }, null),
  ...['Hello', '!', ' Grüße', ' 👋'].map((content) => chunk({ content }, null)),
  chunk({}, 'stop'),
  { ...chunk({}, null), choices: [], usage: recordedCompletion.usage },
];

/** Events as they go over the wire. */
export function wire(chunks: readonly unknown[]): string {
  return chunks.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('');
}

export const doneLine = 'data: [DONE]\n\n';

/** Begins a stream. */
export function startEvents(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
}

/** Answers JSON. */
export function answerJson(status: number, body: unknown, headers: Record<string, string> = {}): Behaviour {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** Streams the recorded answer; the usage chunk comes when it is asked for. */
export const streamRecorded: Behaviour = (response, { body }) => {
  startEvents(response);
  const asked = (body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;
  response.end(wire(asked ? recordedChunks : recordedChunks.slice(0, -1)) + doneLine);
};

const behaveAsRecorded: Behaviour = (response, call) =>
  call.body.stream === true
    ? streamRecorded(response, call)
    : answerJson(200, recordedCompletion)(response, call);

/** Starts the upstream; it ends with the test. */
export async function startUpstream(context: TestContext): Promise<TestUpstream> {
  const calls: UpstreamCall[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const part of request) chunks.push(part as Buffer);
    const { promise: cut, resolve } = Promise.withResolvers<void>();
    response.on('close', () => response.writableFinished || resolve());
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    const call = { path: request.url ?? '', headers: request.headers, body, cut };
    calls.push(call);
    await upstream.behave(response, call);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const upstream: TestUpstream = { baseUrl: `http://127.0.0.1:${port}/v1`, calls, behave: behaveAsRecorded };
  return upstream;
}

/** The part of `config.yaml` that names the upstream. */
export function upstreamConfig(
  upstream: TestUpstream,
  changes: Record<string, unknown> = {},
): Record<string, unknown> {
  const provider = {
    name: 'acme',
    type: 'openai',
    base_url: upstream.baseUrl,
    api_key: 'acme-secret-key-1234',
    models: ['gpt-4o-mini'],
    ...changes,
  };
  return { providers: [provider] };
}
