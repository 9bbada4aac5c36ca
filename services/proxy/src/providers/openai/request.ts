import type { ChatRequest } from '../../pipeline/chat-request.ts';

/** What is sent upstream, and what has to be undone in the answer. */
export interface UpstreamRequest {
  readonly bytes: Uint8Array;
  /** The usage chunk was asked for by the gateway alone: the client must not get it. */
  readonly stripUsage: boolean;
}

/**
 * The client's own bytes, unless usage has to be asked for: without `stream_options.include_usage` a stream does not
 * tell its tokens.
 */
export function upstreamRequest(
  request: ChatRequest,
  options: { readonly injectUsage: boolean },
): UpstreamRequest {
  if (!request.stream || request.includeUsage || !options.injectUsage) {
    return { bytes: request.bytes, stripUsage: false };
  }
  const streamOptions = { ...(request.body.stream_options ?? {}), include_usage: true };
  const body = JSON.stringify({ ...request.body, stream_options: streamOptions });
  return { bytes: Buffer.from(body), stripUsage: true };
}
