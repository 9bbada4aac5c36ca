import type { ModelRequest } from '../dialects/model-request.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { CallReport } from '../providers/call-report.ts';
import { ProviderFailure } from '../providers/failure.ts';
import type { Provider } from '../providers/provider.ts';
import { WrappingProvider } from '../providers/wrapping-provider.ts';
import { readEvent } from '../sse/event.ts';
import { EventSplitter } from '../sse/event-splitter.ts';
import type { StreamTranslation, Translation } from './translation.ts';

/** Events come from a provider, which has bounded them already. */
const eventLimitBytes = Number.POSITIVE_INFINITY;

/** A provider behind a translation: it speaks the dialect that the translation is from. */
export class TranslatedProvider extends WrappingProvider {
  readonly #translation: Translation;

  constructor(provider: Provider, translation: Translation) {
    super(provider, [translation.from]);
    this.#translation = translation;
  }

  async generate(request: ModelRequest, report: CallReport): Promise<Uint8Array> {
    const bytes = await this.inner.generate(this.#translation.request(request), report);
    const context = { request, requestId: report.requestId };
    const body = this.#translation.answer(this.#parse(Buffer.from(bytes).toString()), context);
    return Buffer.from(JSON.stringify(body));
  }

  async stream(request: ModelRequest, report: CallReport): Promise<AsyncIterable<Uint8Array>> {
    const events = await this.inner.stream(this.#translation.request(request), report);
    return this.#translate(events, this.#translation.stream({ request, requestId: report.requestId }));
  }

  async *#translate(
    events: AsyncIterable<Uint8Array>,
    translation: StreamTranslation,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const splitter = new EventSplitter({ limitBytes: eventLimitBytes });
    for await (const bytes of events) {
      const translated = splitter.push(bytes).flatMap((event) => this.#translateEvent(event, translation));
      if (translated.length > 0) yield joined(translated);
    }
    const last = translation.end();
    if (last.length > 0) yield joined(last);
  }

  #translateEvent(bytes: Uint8Array, translation: StreamTranslation): readonly Uint8Array[] {
    const { name, data } = readEvent(bytes);
    // Comments keep the connection alive in any dialect.
    if (data === undefined) return [bytes];
    const text = data.trim();
    return text === '[DONE]' ? [] : translation.event({ name, body: this.#parse(text) });
  }

  #parse(text: string): JsonObject {
    const body: unknown = JSON.parse(text);
    if (isObject(body)) return body;
    throw new ProviderFailure('invalid_response', {
      provider: this.name,
      detail: 'its answer is not a JSON object.',
    });
  }
}

function joined(events: readonly Uint8Array[]): Uint8Array {
  return events.length === 1 && events[0] !== undefined ? events[0] : Buffer.concat(events);
}
