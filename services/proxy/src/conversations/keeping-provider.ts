import { AsyncResource } from 'node:async_hooks';
import type { ModelRequest } from '../dialects/model-request.ts';
import { finishedResponse } from '../dialects/responses/observer.ts';
import type { JsonObject } from '../json.ts';
import type { CallReport } from '../providers/call-report.ts';
import type { Provider } from '../providers/provider.ts';
import { WrappingProvider } from '../providers/wrapping-provider.ts';
import { readEvent } from '../sse/event.ts';
import { EventSplitter } from '../sse/event-splitter.ts';

/** Keeps the response that was given to a request. */
export type KeepResponse = (request: ModelRequest, response: JsonObject) => Promise<void>;

/** Keeps what a provider answers, before the client has it all: whoever goes on from it finds it. */
export class KeepingProvider extends WrappingProvider {
  readonly #keep: KeepResponse;

  constructor(provider: Provider, keep: KeepResponse) {
    super(provider);
    // A stream is read outside the request's scope, in which the keeping belongs.
    this.#keep = AsyncResource.bind(keep);
  }

  async generate(request: ModelRequest, report: CallReport): Promise<Uint8Array> {
    const bytes = await this.inner.generate(request, report);
    await this.#keep(request, JSON.parse(Buffer.from(bytes).toString()) as JsonObject);
    return bytes;
  }

  async stream(request: ModelRequest, report: CallReport): Promise<AsyncIterable<Uint8Array>> {
    return this.#watch(await this.inner.stream(request, report), request);
  }

  async *#watch(
    events: AsyncIterable<Uint8Array>,
    request: ModelRequest,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    // Whole events come in, which the provider has bounded already.
    const splitter = new EventSplitter({ limitBytes: Number.POSITIVE_INFINITY });
    for await (const bytes of events) {
      for (const event of splitter.push(bytes)) {
        const response = responseIn(event);
        if (response !== undefined) await this.#keep(request, response);
      }
      yield bytes;
    }
  }
}

/** The finished response of an event; most have none, and are not parsed for it. */
function responseIn(event: Uint8Array): JsonObject | undefined {
  const { name, data } = readEvent(event);
  if (data === undefined || (name !== 'response.completed' && name !== 'response.incomplete'))
    return undefined;
  return finishedResponse(JSON.parse(data) as JsonObject);
}
