import type { Dialect } from '../dialects/dialect.ts';
import type { ModelRequest } from '../dialects/model-request.ts';
import type { JsonEvent } from '../dialects/observer.ts';
import type { JsonObject } from '../json.ts';

/** What a translation may know of the request it translates the answer for. */
export interface TranslationContext {
  /** As the client wrote it, in the dialect that is translated from. */
  readonly request: ModelRequest;
  readonly requestId: string;
}

/** Turns the events of one stream into those of another dialect; it may keep state. */
export interface StreamTranslation {
  /** The events, encoded, that one event becomes: none, one or several. */
  event(event: JsonEvent): readonly Uint8Array[];
  /** The events that end the stream, after the last one was translated. */
  end(): readonly Uint8Array[];
}

/** Lets clients of one dialect use providers of another. Pairs that are not listed go by way of `chat`. */
export interface Translation {
  /** What the client speaks. */
  readonly from: Dialect;
  /** What the provider speaks. */
  readonly to: Dialect;
  /**
   * The request in the provider's dialect.
   *
   * @throws {ApiError} 400 naming the field that cannot be said in it.
   */
  request(request: ModelRequest): ModelRequest;
  /** A whole answer, translated back. */
  answer(body: JsonObject, context: TranslationContext): JsonObject;
  /** A stream, translated back. */
  stream(context: TranslationContext): StreamTranslation;
}
