import { isTellable } from '../../conversations/continue.ts';
import { type ModelRequest, withBody } from '../../dialects/model-request.ts';
import type { UpstreamRequest } from '../http/wire.ts';

/**
 * The client's own bytes, unless usage has to be asked for: without `stream_options.include_usage` a stream does not
 * tell its tokens.
 */
export function generationRequest(
  request: ModelRequest,
  options: { readonly injectUsage: boolean },
): UpstreamRequest {
  if (!request.stream || request.includeUsage || !options.injectUsage) {
    return { bytes: request.bytes, stripUsage: false };
  }
  const streamOptions = { ...(request.body.stream_options ?? {}), include_usage: true };
  const { bytes } = withBody(request, { ...request.body, stream_options: streamOptions });
  return { bytes, stripUsage: true };
}

/**
 * Conversations are kept by the gateway, which sends them whole: the provider is neither to look for an earlier response
 * nor to keep this one. Thoughts that were not given whole would have it look for them, and refuse the request.
 */
export function responsesRequest(request: ModelRequest): UpstreamRequest {
  const { previous_response_id: _previous, ...body } = request.body;
  const input = Array.isArray(body.input) ? body.input.filter(isTellable) : body.input;
  const { bytes } = withBody(request, { ...body, input, store: false });
  return { bytes, stripUsage: false };
}
