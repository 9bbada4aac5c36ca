import type { Dispatcher } from 'undici';
import { isObject } from '../../json.ts';
import type { ChatRequest } from '../../pipeline/chat-request.ts';
import type { CallReport } from '../call-report.ts';
import { ProviderFailure } from '../failure.ts';
import type { Provider, ProviderTimeouts } from '../provider.ts';
import { readFailure } from '../read-failure.ts';
import { connectionFailure } from './failure.ts';
import { upstreamRequest } from './request.ts';
import { observeBody } from './response.ts';
import { relayStream } from './stream.ts';

const errorLimitBytes = 64 * 1024;

export interface OpenAiProviderOptions {
  readonly name: string;
  /** Up to and including `/v1`. */
  readonly baseUrl: string;
  /** Sent as bearer token; some servers need none. */
  readonly apiKey: string | undefined;
  readonly models: readonly string[];
  /** Ask for usage in streams when the client does not. Off for servers that refuse `stream_options`. */
  readonly injectUsage: boolean;
  /** Pooled connections to the origin of `baseUrl`. */
  readonly dispatcher: Dispatcher;
  /** Closes those connections. */
  readonly disconnect: () => Promise<void>;
  readonly timeouts: ProviderTimeouts;
  /** Largest answer that is not streamed. */
  readonly responseLimitBytes: number;
  /** Largest event of a stream. */
  readonly eventLimitBytes: number;
  /** Takes what looks like a secret out of text. */
  readonly redact: (text: string) => string;
}

type Answer = Dispatcher.ResponseData;

/** Any server that speaks the chat completions API of OpenAI. */
export class OpenAiProvider implements Provider {
  readonly name: string;
  readonly models: readonly string[];
  readonly #options: OpenAiProviderOptions;
  readonly #origin: string;
  readonly #path: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #redact: (text: string) => string;

  constructor(options: OpenAiProviderOptions) {
    const url = new URL(options.baseUrl);
    const { apiKey } = options;
    this.name = options.name;
    this.models = options.models;
    this.#options = options;
    this.#origin = url.origin;
    this.#path = `${url.pathname.replace(/\/+$/, '')}/chat/completions${url.search}`;
    this.#headers = {
      'content-type': 'application/json',
      'user-agent': 'ibex',
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    };
    this.#redact = (text) =>
      options.redact(apiKey === undefined ? text : text.replaceAll(apiKey, '[REDACTED]'));
  }

  async generate(request: ChatRequest, report: CallReport): Promise<Uint8Array> {
    const answer = await this.#send(request.bytes, { accept: 'application/json', report });
    const bytes = await this.#readAll(answer, { limitBytes: this.#options.responseLimitBytes, report });
    observeBody(this.#parse(bytes), report);
    return bytes;
  }

  async stream(request: ChatRequest, report: CallReport): Promise<AsyncIterable<Uint8Array>> {
    const { bytes, stripUsage } = upstreamRequest(request, this.#options);
    const answer = await this.#send(bytes, { accept: 'text/event-stream', report });
    const type = String(answer.headers['content-type'] ?? 'missing');
    if (!type.startsWith('text/event-stream')) {
      answer.body.destroy();
      throw this.#invalid(`its Content-Type must be text/event-stream: it is ${type.slice(0, 100)}.`);
    }
    return relayStream(answer.body, {
      provider: this.name,
      report,
      stripUsage,
      eventLimitBytes: this.#options.eventLimitBytes,
      redact: this.#redact,
      asFailure: (error) => this.#failure(error, report),
      cut: () => answer.body.destroy(),
    });
  }

  async close(): Promise<void> {
    await this.#options.disconnect();
  }

  /** Sends a request and returns the answer if it is a success. */
  async #send(body: Uint8Array, options: { accept: string; report: CallReport }): Promise<Answer> {
    const { report } = options;
    const answer = await this.#request(body, options);
    // A body that is destroyed half-read reports an error; whoever reads it hears of it otherwise.
    answer.body.on('error', () => undefined);
    if (answer.statusCode === 200) return answer;
    const text = await this.#readAll(answer, { limitBytes: errorLimitBytes, cutExcess: true, report });
    const retryAfter = answer.headers['retry-after'];
    throw readFailure({
      provider: this.name,
      status: answer.statusCode,
      body: Buffer.from(text).toString('utf8'),
      retryAfter: typeof retryAfter === 'string' ? retryAfter.slice(0, 100) : undefined,
      redact: this.#redact,
    });
  }

  async #request(body: Uint8Array, options: { accept: string; report: CallReport }): Promise<Answer> {
    const { timeouts, dispatcher } = this.#options;
    try {
      return await dispatcher.request({
        origin: this.#origin,
        path: this.#path,
        method: 'POST',
        headers: { ...this.#headers, accept: options.accept },
        body,
        signal: options.report.signal,
        headersTimeout: timeouts.headersMs,
        bodyTimeout: timeouts.idleMs,
      });
    } catch (error) {
      throw this.#failure(error, options.report);
    }
  }

  async #readAll(
    answer: Answer,
    options: { limitBytes: number; cutExcess?: boolean; report: CallReport },
  ): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    try {
      for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
        bytes += chunk.length;
        if (bytes > options.limitBytes && options.cutExcess) break;
        if (bytes > options.limitBytes) {
          const detail = `its answer is larger than ${options.limitBytes} bytes.`;
          throw new ProviderFailure('response_too_large', { provider: this.name, detail });
        }
        chunks.push(chunk);
      }
    } catch (error) {
      throw this.#failure(error, options.report);
    }
    return Buffer.concat(chunks);
  }

  #parse(bytes: Uint8Array): Readonly<Record<string, unknown>> {
    try {
      const body: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
      if (isObject(body)) return body;
    } catch {
      // Answered below, together with JSON that is no object.
    }
    throw this.#invalid('its answer is not a JSON object.');
  }

  #invalid(detail: string): ProviderFailure {
    return new ProviderFailure('invalid_response', { provider: this.name, detail });
  }

  #failure(error: unknown, report: CallReport): unknown {
    return connectionFailure(error, { provider: this.name, signal: report.signal });
  }
}
