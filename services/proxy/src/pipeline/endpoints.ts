import { chatFace } from '../dialects/chat/face.ts';
import { readChatRequest } from '../dialects/chat/request.ts';
import { completionsFace } from '../dialects/completions/face.ts';
import { readCompletionsRequest } from '../dialects/completions/request.ts';
import { countTokensFace } from '../dialects/count-tokens/face.ts';
import { embeddingsFace } from '../dialects/embeddings/face.ts';
import { readEmbeddingsRequest } from '../dialects/embeddings/request.ts';
import { messagesFace } from '../dialects/messages/face.ts';
import { readCountTokensRequest, readMessagesRequest } from '../dialects/messages/request.ts';
import type { Endpoint } from './endpoint.ts';

/** The endpoints whose every request is one call of a model. */
export const endpoints: readonly Endpoint[] = [
  {
    url: '/v1/chat/completions',
    face: chatFace,
    read: (body, { bytes }) => readChatRequest(body, bytes),
  },
  {
    url: '/v1/completions',
    face: completionsFace,
    read: (body, { bytes }) => readCompletionsRequest(body, bytes),
  },
  {
    url: '/v1/embeddings',
    face: embeddingsFace,
    read: (body, { bytes }) => readEmbeddingsRequest(body, bytes),
  },
  { url: '/v1/messages', face: messagesFace, read: readMessagesRequest },
  { url: '/v1/messages/count_tokens', face: countTokensFace, read: readCountTokensRequest },
];
