import type { JsonObject } from '../json.ts';
import type { Dialect } from './dialect.ts';

/** A request to a model that passed the checks of its dialect. */
export interface ModelRequest {
  /** The language of `body`, and of the answer. */
  readonly dialect: Dialect;
  /** The model as the provider is asked for it; the same stands in `body` where the dialect has it there. */
  readonly model: string;
  readonly stream: boolean;
  /** The stream is to tell the usage at its end, where the dialect leaves the choice. */
  readonly includeUsage: boolean;
  /** Limit of the answer in tokens, when the client set one. */
  readonly maximumTokens: number | undefined;
  readonly body: JsonObject;
  /** The body as JSON: as received, while nothing was changed. */
  readonly bytes: Uint8Array;
  /** The client's headers that a provider of the dialect gets to see, such as `anthropic-version`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The request with another body, written anew; the received bytes are no longer true then. */
export function withBody(
  request: ModelRequest,
  body: JsonObject,
  changes: Partial<Omit<ModelRequest, 'body' | 'bytes'>> = {},
): ModelRequest {
  return { ...request, ...changes, body, bytes: Buffer.from(JSON.stringify(body)) };
}

/** The request for another model; the same request when it is asked for that already. */
export function withModel(request: ModelRequest, model: string): ModelRequest {
  if (model === request.model) return request;
  if (request.body.model === undefined) return { ...request, model };
  return withBody(request, { ...request.body, model }, { model });
}
