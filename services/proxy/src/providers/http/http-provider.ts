import { excerpt } from '@ibex/telemetry/privacy';
import type { Dispatcher } from 'undici';
import type { Dialect } from '../../dialects/dialect.ts';
import type { ModelRequest } from '../../dialects/model-request.ts';
import { isObject, type JsonObject } from '../../json.ts';
import type { CallReport } from '../call-report.ts';
import { ProviderFailure } from '../failure.ts';
import type { Provider, ProviderTimeouts } from '../provider.ts';
import { readFailure, reportedError } from '../read-failure.ts';
import { connectionFailure } from './connection-failure.ts';
import { type AnswerHead, ProviderAnswer } from './provider-answer.ts';
import { relayStream } from './relay.ts';
import type { Wire } from './wire.ts';

const errorLimitBytes = 64 * 1024;
const maximumHeaderLength = 1000;

/** What connects a provider to its server. */
export interface Connection {
  /** Pooled connections to the origin of the base URL. */
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

export interface HttpProviderOptions {
  readonly name: string;
  readonly models: readonly string[];
  /** Paths of the wires are below it. */
  readonly baseUrl: string;
  /** Of every request: credentials above all. */
  readonly headers: Readonly<Record<string, string>>;
  /** Values that must not come back in an error message. */
  readonly secrets: readonly string[];
  /** The dialects it speaks, and how. */
  readonly wires: Readonly<Partial<Record<Dialect, Wire>>>;
  /** Headers of its answers that the client gets, in lower case. */
  readonly answerHeaders?: readonly string[];
  readonly connection: Connection;
}

interface Answer extends AnswerHead {
  readonly body: ProviderAnswer;
}

function shortHeader(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value.slice(0, 100) : undefined;
}

/** Whether an answer of status 200 is an error all the same: routers send one when a model of theirs fails late. */
function isError({ error, choices, object }: JsonObject): boolean {
  return isObject(error) && choices === undefined && object === undefined;
}

/** A provider that is reached over HTTP: what differs from one to the next is in its wires. */
export class HttpProvider implements Provider {
  readonly name: string;
  readonly models: readonly string[];
  readonly dialects: readonly Dialect[];
  readonly #options: HttpProviderOptions;
  readonly #origin: string;
  readonly #basePath: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #redact: (text: string) => string;

  constructor(options: HttpProviderOptions) {
    const url = new URL(options.baseUrl);
    this.name = options.name;
    this.models = options.models;
    this.dialects = Object.keys(options.wires) as Dialect[];
    this.#options = options;
    this.#origin = url.origin;
    this.#basePath = url.pathname.replace(/\/+$/, '');
    this.#headers = { 'content-type': 'application/json', 'user-agent': 'ibex', ...options.headers };
    this.#redact = (text) =>
      options.connection.redact(
        options.secrets.reduce((redacted, secret) => redacted.replaceAll(secret, '[REDACTED]'), text),
      );
  }

  async generate(request: ModelRequest, report: CallReport): Promise<Uint8Array> {
    const wire = this.#wireOf(request);
    const { bytes } = wire.prepare(request);
    const { body } = await this.#send(bytes, { request, wire, report });
    const whole = await this.#readWhole(body, report);
    const readAt = performance.now();
    const answered = this.#parse(whole);
    if (isError(answered)) throw reportedError(answered, { provider: this.name, redact: this.#redact });
    wire.observer.answer(answered, report);
    report.answer.ownMs += performance.now() - readAt;
    return whole;
  }

  async stream(request: ModelRequest, report: CallReport): Promise<AsyncIterable<Uint8Array>> {
    const wire = this.#wireOf(request);
    const { bytes, stripUsage } = wire.prepare(request);
    const answer = await this.#send(bytes, { request, wire, report });
    const type = String(answer.headers['content-type'] ?? 'missing');
    if (!type.toLowerCase().startsWith('text/event-stream')) {
      answer.body.cut();
      throw this.#invalid(`its Content-Type must be text/event-stream: it is ${excerpt(type, 100)}.`);
    }
    return relayStream(answer.body, {
      provider: this.name,
      report,
      observer: wire.observer,
      stripUsage,
      eventLimitBytes: this.#options.connection.eventLimitBytes,
      redact: this.#redact,
      asFailure: (error) => this.#failure(error, report),
      cut: () => answer.body.cut(),
    });
  }

  async close(): Promise<void> {
    await this.#options.connection.disconnect();
  }

  #wireOf({ dialect }: ModelRequest): Wire {
    const wire = this.#options.wires[dialect];
    if (wire === undefined) throw new Error(`the provider ${this.name} does not speak ${dialect}`);
    return wire;
  }

  /** Sends a request and returns the answer if it is a success. */
  async #send(
    body: Uint8Array,
    context: { request: ModelRequest; wire: Wire; report: CallReport },
  ): Promise<Answer> {
    const { report } = context;
    const answer = new ProviderAnswer();
    report.onAbort((failure) => answer.abort(failure));
    let head: AnswerHead;
    try {
      this.#options.connection.dispatcher.dispatch(this.#optionsOf(body, context), answer);
      head = await answer.head;
    } catch (error) {
      throw this.#failure(error, report);
    }
    const received = { ...head, body: answer };
    this.#takeHeaders(received, report);
    if (head.statusCode === 200) return received;
    throw await this.#refusal(received, report);
  }

  #optionsOf(
    body: Uint8Array,
    { request, wire, report }: { request: ModelRequest; wire: Wire; report: CallReport },
  ): Dispatcher.DispatchOptions {
    const { timeouts } = this.#options.connection;
    return {
      origin: this.#origin,
      path: this.#basePath + wire.path(request),
      method: 'POST',
      headers: {
        ...this.#headers,
        ...wire.headers?.(request),
        accept: request.stream ? 'text/event-stream' : 'application/json',
      },
      body,
      headersTimeout: report.timeouts?.headersMs ?? timeouts.headersMs,
      bodyTimeout: report.timeouts?.idleMs ?? timeouts.idleMs,
    };
  }

  /** What an answer says that is no success. */
  async #refusal({ statusCode, headers, body }: Answer, report: CallReport): Promise<ProviderFailure> {
    const text = await this.#read(body, { limitBytes: errorLimitBytes, report });
    return readFailure({
      provider: this.name,
      status: statusCode,
      body: Buffer.from(text).toString('utf8'),
      retryAfter: shortHeader(headers['retry-after']),
      retryAfterMs: shortHeader(headers['retry-after-ms']),
      redact: this.#redact,
    });
  }

  #takeHeaders({ headers }: Answer, report: CallReport): void {
    const { answerHeaders = [] } = this.#options;
    if (answerHeaders.length === 0) return;
    const taken: Record<string, string> = {};
    for (const name of answerHeaders) {
      const value = headers[name];
      if (typeof value === 'string' && value.length <= maximumHeaderLength) taken[name] = value;
    }
    report.answer.headers = taken;
  }

  async #readWhole(answer: ProviderAnswer, report: CallReport): Promise<Uint8Array> {
    const { responseLimitBytes } = this.#options.connection;
    const whole = await this.#read(answer, { limitBytes: responseLimitBytes, report });
    if (whole.length <= responseLimitBytes) return whole;
    const detail = `its answer is larger than ${responseLimitBytes} bytes.`;
    throw new ProviderFailure('response_too_large', { provider: this.name, detail });
  }

  /** The whole answer, or what there is of one that is longer than the limit: nothing more of that is taken. */
  async #read(
    answer: ProviderAnswer,
    { limitBytes, report }: { limitBytes: number; report: CallReport },
  ): Promise<Uint8Array> {
    try {
      return await answer.readAll(limitBytes);
    } catch (error) {
      throw this.#failure(error, report);
    } finally {
      answer.cut();
    }
  }

  #parse(bytes: Uint8Array): JsonObject {
    try {
      const body: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
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
    return connectionFailure(error, { provider: this.name, aborted: report.aborted });
  }
}
