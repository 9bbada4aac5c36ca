import type { ModelRequest } from '../../dialects/model-request.ts';
import type { Observer } from '../../dialects/observer.ts';

/** What is sent upstream, and what has to be undone in the answer. */
export interface UpstreamRequest {
  readonly bytes: Uint8Array;
  /** The usage chunk was asked for by the gateway alone: the client must not get it. */
  readonly stripUsage: boolean;
}

/** How a provider speaks one dialect over HTTP. */
export interface Wire {
  /** Where requests go, below the base URL, with a query if there is one. */
  readonly path: (request: ModelRequest) => string;
  /** The body to send; the client's own bytes unless something has to be asked for. */
  readonly prepare: (request: ModelRequest) => UpstreamRequest;
  /** Headers beside those that every request to the provider carries. */
  readonly headers?: (request: ModelRequest) => Readonly<Record<string, string>>;
  /** Reads the answers. */
  readonly observer: Observer;
}

/** The client's own bytes. */
export function sendUnchanged({ bytes }: ModelRequest): UpstreamRequest {
  return { bytes, stripUsage: false };
}
